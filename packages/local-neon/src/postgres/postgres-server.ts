/** PostgreSQL, from the programs and a data directory to a server that answers, and back. */
import { fstatSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { DatabaseError, Pool } from 'pg';

import { ensureApplication } from './application.ts';
import type { DataDirectory } from './data-directory.ts';
import { socketFolders } from './data-lock.ts';
import { LocalNeonError } from '../error.ts';
import type { Guard } from './guard.ts';
import { SUPERUSER } from './initdb.ts';
import { socketOptions } from './unix-socket.ts';
import type { PostgresPrograms } from './postgres-programs.ts';

export interface PostgresServer {
  /** The folder of the Unix socket: `host` for `pg`, and the only way in. */
  readonly socketFolder: string;
  /** Sessions of the superuser. */
  readonly admin: Pool;
  /** Whether it is ours alone: on somebody else's server no lock is taken that they might wait for. */
  readonly isOwn: boolean;
  /** Resolves when it serves the application. */
  readonly ready: Promise<void>;
}

export interface PostgresOptions {
  readonly guard: Guard;
  readonly programs: PostgresPrograms;
  readonly directory: DataDirectory;
  readonly isTemporary: boolean;
  /** Where PostgreSQL's messages go. */
  readonly log: number;
}

const START_TIMEOUT_MS = 120_000;

/**
 * Has the guard start PostgreSQL, and waits until it holds the data directory. It is `ready` a moment later, when it has the
 * application's role and database; a crash recovery may take long.
 *
 * Either may fail, after 120 s at most: with `DATA_DIRECTORY_IN_USE` while another PostgreSQL runs on the directory, with
 * `START_FAILED` and the end of the log otherwise. Ending the guard stops the server.
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
    // One that takes connections and says nothing is not waited for without end.
    connectionTimeoutMillis: START_TIMEOUT_MS,
  });
  // An idle session that PostgreSQL ends is replaced at the next query.
  admin.on('error', () => {});
  const untilDone = (work: () => Promise<void>): Promise<void> =>
    untilStarted(work, guard, (what, cause) => startError({ directory, log, logStart, what, cause }));
  await untilDone(async () => {
    if (!readNote(options)) throw new Error('PostgreSQL does not hold the data directory yet');
  });
  const ready = untilDone(async () => {
    if (!readNote(options).endsWith('\nready')) throw new Error('PostgreSQL does not say that it is ready');
    if (!directory.settings.hasApplication) await ensureApplication(admin, directory.settings);
  });
  return { socketFolder: guard.socketFolder, admin, isOwn: true, ready };
}

/** It loses nothing by never syncing to disk, and its log must stay small, for it may be kept in memory. */
const TEMPORARY = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_wal_size: '128MB' };

/** What every server is started with. */
function serverSettings({ guard, programs, isTemporary }: PostgresOptions): string[] {
  const settings: Record<string, string | number> = {
    listen_addresses: '',
    unix_socket_directories: isTemporary ? guard.socketFolder : socketFolders(guard),
    unix_socket_permissions: '0700',
    // As on Neon; with a local zone, timestamps without one read differently here and there.
    timezone: 'GMT',
    log_timezone: 'GMT',
    max_connections: 200,
    // Nothing replicates from a laptop: fewer processes, less to write.
    wal_level: 'minimal',
    max_wal_senders: 0,
    max_logical_replication_workers: 0,
    // Quick to start: the operating system's cache is large enough for what is on a laptop.
    shared_buffers: '32MB',
    huge_pages: 'off',
    // For each connection half of the usual, and in all what a server of 100 has: the tables are laid out at every start.
    max_locks_per_transaction: 32,
    max_pred_locks_per_transaction: 32,
    ...(Number(programs.major) >= 18 ? { io_method: 'sync' } : {}),
    // What a client asked for who has left is not run to its end.
    client_connection_check_interval: 500,
    ...(isTemporary ? TEMPORARY : {}),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** It is tried until it is done: a server that says it is ready may be on its way down, or up again. */
async function untilStarted(
  work: () => Promise<void>,
  guard: Guard,
  toError: (what: string, cause: unknown) => LocalNeonError,
): Promise<void> {
  let hasEnded = false;
  void guard.ended.then(() => (hasEnded = true));
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const failure: unknown = await work().then(
      () => undefined,
      (error: unknown) => error,
    );
    if (failure === undefined) return;
    if (hasEnded) throw toError('ended while it started', failure);
    if (!mayBeStarting(failure)) throw toError(`refused to work (${(failure as Error).message})`, failure);
    if (Date.now() > deadline) throw toError(`was not ready after ${START_TIMEOUT_MS / 1000} s`, failure);
    await Promise.race([delay(1), guard.ended]);
  }
}

/**
 * What our PostgreSQL notes of itself in `postmaster.pid`, with its state in the last line, as `pg_ctl` reads it: to be asked too
 * early would cost it a process and a line in its log. Empty while there is none, or that of another: by the folder of the socket.
 */
function readNote({ guard, directory }: PostgresOptions): string {
  const note = readPidFile(directory);
  return note.includes(`\n${guard.socketFolder}\n`) ? note.trimEnd() : '';
}

function readPidFile({ postgres }: DataDirectory): string {
  try {
    return readFileSync(join(postgres, 'postmaster.pid'), 'utf8');
  } catch {
    return '';
  }
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: Operator Intervention. */
const COMES_OR_GOES = '57P';

/**
 * No socket yet, one that nobody reads yet, one whose reader has just gone: whatever is not PostgreSQL's word. Should it have
 * ended, the guard says so. Of its words: that it recovers (57P03 `cannot_connect_now`), and that it shuts down or has crashed.
 */
function mayBeStarting(error: unknown): boolean {
  return !(error instanceof DatabaseError) || (error.code ?? '').startsWith(COMES_OR_GOES);
}

interface StartFailure {
  readonly directory: DataDirectory;
  readonly log: number;
  /** Where in the log this start begins. */
  readonly logStart: number;
  readonly what: string;
  readonly cause: unknown;
}

/** There is another one; or there was, and a session of it has not noticed yet that it is alone. */
const IS_HELD = /postmaster\.pid" already exists|pre-existing shared memory block/;

/** What it answered to our own asking whether it is ready, which can be more than its reason. */
const HEARD_WHILE_WAITING = /^.* FATAL:  the database system is .*\n(.* DETAIL:  .*\n)?/gm;

function startError({ directory, log, logStart, what, cause }: StartFailure): LocalNeonError {
  const said = readFrom(log, logStart);
  if (IS_HELD.test(said)) {
    const holder = readPidFile(directory);
    return new LocalNeonError(
      'DATA_DIRECTORY_IN_USE',
      `Another PostgreSQL (process ${holder.split('\n')[0] || 'unknown'}) runs on ${directory.folder}, or was killed there and a` +
        ' session of it still runs. Wait for it, or stop it.',
      { cause },
    );
  }
  const tail = said.replaceAll(HEARD_WHILE_WAITING, '').trimEnd().split('\n').slice(-8).join('\n');
  return new LocalNeonError(
    'START_FAILED',
    `PostgreSQL ${what} on ${directory.folder}. It said:\n${tail || '(nothing)'}`,
    { cause },
  );
}

/** By position, and not by path: a temporary server's log has none. */
function readFrom(log: number, start: number): string {
  const { size } = fstatSync(log);
  const bytes = Buffer.alloc(size - start);
  readSync(log, bytes, 0, bytes.length, start);
  return bytes.toString();
}
