/** Starts PostgreSQL on a data directory and waits until it is ready. */
import { fstatSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { DatabaseError, Pool } from 'pg';

import { LocalNeonError } from '../error.ts';
import { ifPossible } from '../if-possible.ts';
import { ensureApplication } from './application.ts';
import type { DataDirectory } from './data-directory.ts';
import type { Guard } from './guard.ts';
import { SUPERUSER } from './initdb.ts';
import type { PostgresPrograms } from './postgres-programs.ts';
import { socketOptions } from './unix-socket.ts';

export interface PostgresServer {
  /** The folder of the Unix socket, on which alone the server listens. */
  readonly socketFolder: string;
  /** Sessions of the superuser, or of the role of `--postgres`. */
  readonly admin: Pool;
  /** Whether local-neon started the server. It takes no locks on other servers. */
  readonly isStartedByUs: boolean;
  /** Resolves when the server is ready and has the application's role and database. */
  readonly ready: Promise<void>;
}

export interface PostgresOptions {
  readonly guard: Guard;
  readonly programs: PostgresPrograms;
  readonly directory: DataDirectory;
  readonly isTemporary: boolean;
  /** An open file for PostgreSQL's messages. */
  readonly log: number;
}

const START_TIMEOUT_MS = 120_000;

/**
 * Starts PostgreSQL by the guard, and waits until it holds the data directory. `ready` resolves a moment later; after a
 * crash the recovery may take long.
 *
 * Both waits end after 120 s at most. They throw `DATA_DIRECTORY_IN_USE` while another PostgreSQL runs on the
 * directory, and `START_FAILED` with the end of the log otherwise. Ending the guard stops the server.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { guard, programs, directory, log } = options;
  const { size: logStart } = fstatSync(log);
  guard.start([programs.postgres, '-D', directory.postgres, ...serverSettings(options)]);
  const admin = new Pool({
    ...socketOptions(guard.socketFolder),
    user: SUPERUSER,
    password: directory.settings.superuserPassword,
    database: 'postgres',
    max: 4,
    // For a server that accepts a connection and does not respond.
    connectionTimeoutMillis: START_TIMEOUT_MS,
  });
  // The pool replaces a lost session at the next query.
  admin.on('error', () => {});
  const retryUntilDone = (work: () => Promise<void>): Promise<void> =>
    retryUntilStarted(work, guard, (failure, cause) => startError(options, logStart, failure, cause));
  await retryUntilDone(async () => {
    if (!readPidFileOfOurServer(options)) throw new Error('PostgreSQL does not hold the data directory yet');
  });
  const ready = retryUntilDone(async () => {
    if (!readPidFileOfOurServer(options).endsWith('\nready')) throw new Error('PostgreSQL is not ready yet');
    if (!directory.settings.hasApplication) await ensureApplication(admin, directory.settings);
  });
  return { socketFolder: guard.socketFolder, admin, isStartedByUs: true, ready };
}

/** Temporary data is never synced. The write-ahead log stays small, because it may be in memory. */
const TEMPORARY_SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_wal_size: '128MB' };

/** The command-line settings of every server. */
function serverSettings({ guard, programs, isTemporary }: PostgresOptions): string[] {
  const settings: Record<string, string | number> = {
    listen_addresses: '',
    // `.` is the data directory, the server's current folder: a start in another container looks for a socket there.
    unix_socket_directories: isTemporary ? guard.socketFolder : `${guard.socketFolder},.`,
    unix_socket_permissions: '0700',
    // As on Neon. With a local time zone, timestamps without one would differ from Neon.
    timezone: 'GMT',
    log_timezone: 'GMT',
    max_connections: 200,
    // No replication: fewer processes, less to write.
    wal_level: 'minimal',
    max_wal_senders: 0,
    max_logical_replication_workers: 0,
    // Small for a fast start. The operating system's cache is enough for a local database.
    shared_buffers: '32MB',
    huge_pages: 'off',
    // Half of the default, because there are twice as many connections: every start allocates the lock tables.
    max_locks_per_transaction: 32,
    max_pred_locks_per_transaction: 32,
    ...(Number(programs.major) >= 18 ? { io_method: 'sync' } : {}),
    // Cancels the query of a client that has disconnected.
    client_connection_check_interval: 500,
    ...(isTemporary ? TEMPORARY_SETTINGS : {}),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Repeats the work until it succeeds. Throws when PostgreSQL has ended or refuses a connection for good, and after 120 s. */
async function retryUntilStarted(
  work: () => Promise<void>,
  guard: Guard,
  toError: (failure: string, cause: unknown) => LocalNeonError,
): Promise<void> {
  let hasEnded = false;
  void guard.ended.then(() => (hasEnded = true));
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (hasEnded) throw toError('ended while it started', error);
      if (!canBecomeReady(error)) throw toError(`refused a connection (${(error as Error).message})`, error);
      if (Date.now() > deadline) throw toError(`was not ready after ${START_TIMEOUT_MS / 1000} s`, error);
    }
    await Promise.race([delay(1), guard.ended]);
  }
}

/**
 * The text of `postmaster.pid`, whose last line is the server's state. `pg_ctl` reads it in the same way: an early
 * connection would cost the server a process and a line in its log. Empty while the file is missing, or belongs to a
 * server with another socket.
 */
function readPidFileOfOurServer({ guard, directory }: PostgresOptions): string {
  const text = readPidFile(directory);
  return text.includes(`\n${guard.socketFolder}\n`) ? text.trimEnd() : '';
}

function readPidFile({ postgres }: DataDirectory): string {
  return ifPossible(() => readFileSync(join(postgres, 'postmaster.pid'), 'utf8')) ?? '';
}

/** Class 57P, Operator Intervention: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const OPERATOR_INTERVENTION = '57P';

/**
 * Whether the server may still become ready. This is true for errors that are not from PostgreSQL: the socket is
 * missing, or nobody listens on it at the moment. When the server has ended, the guard reports it. It is also true for
 * PostgreSQL's errors while the server recovers (57P03 `cannot_connect_now`), shuts down or has crashed.
 */
function canBecomeReady(error: unknown): boolean {
  return !(error instanceof DatabaseError) || (error.code ?? '').startsWith(OPERATOR_INTERVENTION);
}

/** Another server runs; or it was killed, and one of its sessions has not ended yet. */
const DIRECTORY_IN_USE = /postmaster\.pid" already exists|pre-existing shared memory block/;

/** PostgreSQL's messages about our own early connections, which can be longer than the reason of the failure. */
const REFUSED_CONNECTIONS = /^.* FATAL:  the database system is .*\n(.* DETAIL:  .*\n)?/gm;

/** The error of a failed start. `logStart` is the position in the log where this start begins. */
function startError(
  { directory, log }: PostgresOptions,
  logStart: number,
  failure: string,
  cause: unknown,
): LocalNeonError {
  const output = readLogFrom(log, logStart);
  if (DIRECTORY_IN_USE.test(output)) {
    const pidFile = readPidFile(directory);
    const message =
      `Another PostgreSQL runs on ${directory.folder} (process ${pidFile.split('\n')[0] || 'unknown'}), or sessions of a killed ` +
      'PostgreSQL still run. Stop these processes, or wait until they end.';
    return new LocalNeonError('DATA_DIRECTORY_IN_USE', message, { cause });
  }
  const tail = output.replaceAll(REFUSED_CONNECTIONS, '').trimEnd().split('\n').slice(-8).join('\n');
  const message = `PostgreSQL ${failure} on ${directory.folder}. The end of its log:\n${tail || '(empty)'}`;
  return new LocalNeonError('START_FAILED', message, { cause });
}

/** Reads the log by its descriptor, because the log of a temporary server has no path. */
function readLogFrom(log: number, start: number): string {
  const { size } = fstatSync(log);
  const bytes = Buffer.alloc(size - start);
  readSync(log, bytes, 0, bytes.length, start);
  return bytes.toString();
}
