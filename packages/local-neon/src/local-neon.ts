/** Starts a Neon on this machine: PostgreSQL behind one loopback port, with Neon's protocols and PostgreSQL's own. */
// An app may compile for `es2022`, which has no `AsyncDisposable`.
/// <reference lib="esnext.disposable" preserve="true" />
import { closeSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { type Branches, branchesOf } from './branches.ts';
import { LocalNeonError } from './error.ts';
import { type Gateway, openGateway } from './gateway.ts';
import { toOrigin } from './listener/origin-policy.ts';
import { localUrl } from './postgres-url.ts';
import { APPLICATION } from './postgres/application.ts';
import { type DataDirectory, openDataDirectory } from './postgres/data-directory.ts';
import { removeStaleLock } from './postgres/data-lock.ts';
import { temporaryDataFolder, temporaryFolder } from './postgres/folders.ts';
import { type Guard, startGuard } from './postgres/guard.ts';
import { openLog, openNamelessFile } from './postgres/log-file.ts';
import { findPostgresPrograms } from './postgres/postgres-programs.ts';
import { startPostgres } from './postgres/postgres-server.ts';
import { rememberStart } from './postgres/settings.ts';
import type { OnQuery } from './query-events/query-event.ts';
import { announceServer, readRunningServer, withdrawServer } from './running-server.ts';
import { openUpstream } from './upstream.ts';

export interface StartOptions {
  /** The folder to keep the databases in. Without it they are temporary, and removed by `close()`. */
  readonly dataDir?: string | undefined;
  /** The port on loopback. By default the port of the folder's last run if it is free, else any free port. */
  readonly port?: number | undefined;
  /** Whether other starts on `dataDir` may join (default), or wait for the end of this server. */
  readonly isJoinable?: boolean | undefined;
  /** Origins of web pages that may connect, such as "http://localhost:3000". Default: none. */
  readonly allowOrigin?: readonly string[] | undefined;
  /** The programs of another PostgreSQL (15 or later): "/usr/lib/postgresql/15/bin". Default: the packaged ones. */
  readonly binDir?: string | undefined;
  /** A running PostgreSQL to use instead of starting one. `close()` leaves it running; `dataDir` and `binDir` are ignored. */
  readonly postgres?: string | undefined;
  /** Called after each query, without parameters and strings. Not called by a server that was joined. */
  readonly onQuery?: OnQuery | undefined;
}

/** A server that is ready. `await using` closes it. */
export interface LocalNeon extends AsyncDisposable {
  /** `postgresql://todo:…@localhost:PORT/todo`: all the configuration that a client needs. */
  readonly url: string;
  readonly branches: Branches;
  /** Stops what this start has started. A joined server and the server of the option `postgres` keep running. May be called twice. */
  close(): Promise<void>;
  /** Settles after `close()`, or when the PostgreSQL that this start has started ends by itself. */
  readonly closed: Promise<void>;
}

/** How long a start waits for a data directory that another process holds. */
const HOLDER_TIMEOUT_MS = 120_000;

/**
 * Starts a local Neon, or joins the one that already serves `dataDir`.
 *
 * Throws `LocalNeonError`: `UNSUPPORTED_PLATFORM`, `PROGRAMS_UNUSABLE`, `PORT_TAKEN`, `DATA_DIRECTORY_IN_USE` (after
 * 120 s), `DATA_DIRECTORY_UNUSABLE` or `START_FAILED`; then nothing is left running. Throws `TypeError` for an invalid
 * `allowOrigin`.
 *
 * ```ts
 * await using neon = await startLocalNeon();
 * const sql = connectHttp(neon.url);
 * ```
 */
export async function startLocalNeon(options: StartOptions = {}): Promise<LocalNeon> {
  if (options.postgres !== undefined) return startWithUpstream(options.postgres, options);
  if (options.dataDir === undefined) return startServer(options, undefined);
  const dataDir = resolve(options.dataDir);
  const deadline = Date.now() + HOLDER_TIMEOUT_MS;
  for (;;) {
    const running = await readRunningServer(dataDir);
    if (running && (options.port ?? running.port) === running.port) return createHandle(running.url);
    try {
      return await startServer(options, dataDir);
    } catch (error) {
      // Another process is starting or stopping on the folder, or uses the folder for a moment.
      const isHeld = error instanceof LocalNeonError && error.code === 'DATA_DIRECTORY_IN_USE';
      if (!isHeld || Date.now() > deadline) throw error;
      if (running) {
        const message =
          `A local Neon already serves ${dataDir}, on port ${running.port}. ` +
          'Use that port, or stop that server first (local-neon stop, with --data).';
        throw new LocalNeonError('DATA_DIRECTORY_IN_USE', message, { cause: error });
      }
    }
    await delay(50);
  }
}

/**
 * The URL of the server that runs on a data directory, in any process; undefined when none runs. Starts no server.
 *
 * Throws `DATA_DIRECTORY_UNUSABLE` for a folder of another user, and for one in which other users may write.
 */
export async function findLocalNeon(dataDir: string): Promise<string | undefined> {
  return (await readRunningServer(resolve(dataDir)))?.url;
}

/** Starts PostgreSQL and the gateway. Without `dataDir`, the data is temporary. */
async function startServer(options: StartOptions, dataDir: string | undefined): Promise<LocalNeon> {
  const allowOrigin = (options.allowOrigin ?? []).map(toOrigin);
  const isTemporary = dataDir === undefined;
  // Before anything is created: a start that fails here must leave nothing behind.
  const programs = await findPostgresPrograms(options.binDir);
  const parentFolder = isTemporary ? temporaryDataFolder() : temporaryFolder();
  const log = isTemporary ? openNamelessFile(temporaryFolder()) : openLog(dataDir);
  try {
    const guard = await startGuard({ parentFolder, stopSignal: isTemporary ? 'QUIT' : 'INT', log });
    let opening: Promise<Gateway> | undefined;
    try {
      const folder = dataDir ?? guard.folder;
      const { setIncompleteFolder } = guard;
      const directory = await openDataDirectory({ folder, programs, isTemporary, setIncompleteFolder });
      if (!isTemporary) await removeStaleLock(directory, guard);
      const server = await startPostgres({ guard, programs, directory, isTemporary, log });
      const { port: preferredPort } = directory.settings;
      // The port opens while PostgreSQL starts.
      opening = openGateway(server, { port: options.port, preferredPort, allowOrigin, onQuery: options.onQuery });
      const [gateway] = await Promise.all([opening, server.ready]);
      return await finishStart(options, dataDir, directory, gateway, guard);
    } catch (error) {
      await opening?.then((gateway) => gateway.close()).catch(() => {});
      await guard.end();
      throw error;
    }
  } finally {
    closeSync(log);
  }
}

/** Opens the gateway to a running PostgreSQL server, which `close()` leaves running. */
async function startWithUpstream(postgres: string, options: StartOptions): Promise<LocalNeon> {
  const parentFolder = temporaryFolder();
  const log = openNamelessFile(parentFolder);
  // This guard starts no PostgreSQL. It removes the folder of the socket when this program ends.
  const guard = await startGuard({ parentFolder, stopSignal: 'QUIT', log }).finally(() => closeSync(log));
  try {
    const allowOrigin = (options.allowOrigin ?? []).map(toOrigin);
    const upstream = await openUpstream(postgres, guard.folder);
    const { port, onQuery } = options;
    const gateway = await openGateway(upstream, { port, preferredPort: undefined, allowOrigin, onQuery }).catch(
      async (error: unknown) => {
        await upstream.admin.end();
        upstream.close();
        throw error;
      },
    );
    return createHandle(localUrl(gateway.port, upstream), gateway, async () => {
      await gateway.close();
      upstream.close();
      await guard.end();
    });
  } catch (error) {
    await guard.end();
    throw error;
  }
}

/** Saves the settings of a server that is ready, lets other starts join the server, and returns its handle. */
async function finishStart(
  options: StartOptions,
  dataDir: string | undefined,
  directory: DataDirectory,
  gateway: Gateway,
  guard: Guard,
): Promise<LocalNeon> {
  const { port } = gateway;
  const { password } = directory.settings;
  const url = localUrl(port, { user: APPLICATION.role, password, database: APPLICATION.database });
  if (dataDir !== undefined) {
    rememberStart(dataDir, directory.settings, port);
    if (options.isJoinable !== false) await announceServer(dataDir, { port, url });
  }
  const neon = createHandle(url, gateway, async () => {
    if (dataDir !== undefined && options.isJoinable !== false) await withdrawServer(dataDir);
    await gateway.close();
    await guard.end();
  });
  // When PostgreSQL ends by itself, closes the port, so that no other start joins. The caller of `close()` gets the errors.
  guard.ended.then(() => neon.close()).catch(() => {});
  return neon;
}

/** The object that callers get. For a server that another program started, `gateway` is missing and `close` does nothing. */
function createHandle(url: string, gateway?: Gateway, close: () => Promise<void> = async () => {}): LocalNeon {
  let closing: Promise<void> | undefined;
  let setClosed: () => void;
  const closed = new Promise<void>((settle) => (setClosed = settle));
  const closeOnce = (): Promise<void> => (closing ??= close().finally(setClosed));
  return {
    url,
    branches: branchesOf(url, (database) => gateway?.evict(database)),
    close: closeOnce,
    closed,
    [Symbol.asyncDispose]: closeOnce,
  };
}
