/** A Neon on this machine: PostgreSQL, and in front of it one loopback port that speaks Neon's protocols and PostgreSQL's. */
import { closeSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { APPLICATION } from './postgres/application.ts';
import { type Branches, branchesOf } from './branches.ts';
import { type DataDirectory, openDataDirectory } from './postgres/data-directory.ts';
import { checkLock } from './postgres/data-lock.ts';
import { LocalNeonError } from './error.ts';
import { temporaryDataFolder, temporaryFolder } from './postgres/folders.ts';
import { type Gateway, openGateway } from './gateway.ts';
import { type Guard, startGuard } from './postgres/guard.ts';
import { openLog, openNamelessFile } from './postgres/log-file.ts';
import { findPostgresPrograms } from './postgres/postgres-programs.ts';
import { startPostgres } from './postgres/postgres-server.ts';
import type { OnQuery } from './query-events/query-event.ts';
import { announceServer, readRunningServer, withdrawServer } from './running-server.ts';
import { rememberStart } from './postgres/settings.ts';
import { openUpstream } from './upstream.ts';
import { toOrigin } from './listener/origin-policy.ts';

export interface StartOptions {
  /** Keeps the databases in this folder. Without it they are temporary, and gone after `close()`. */
  readonly dataDir?: string;
  /** On loopback. Without it: the port of the folder's last run if it is free, else any free one. */
  readonly port?: number;
  /**
   * Whether another start on the same `dataDir` may use this server instead of waiting until it ends. True unless given:
   * say false for a server that ends soon.
   */
  readonly isJoinable?: boolean;
  /**
   * Origins of web pages that may come in, such as "http://localhost:3000". Unless given none may: a page that somebody
   * happens to visit must not reach the database.
   */
  readonly allowOrigin?: readonly string[];
  /** Another PostgreSQL's programs, 15 or later, such as "/usr/lib/postgresql/15/bin", in place of the packaged ones. */
  readonly binDir?: string;
  /**
   * The URL of a PostgreSQL that already runs, to stand in front of instead of starting one: its users and passwords count, and
   * it runs on after `close()`. Then `dataDir` and `binDir` mean nothing.
   */
  readonly postgres?: string;
  /**
   * Called after each query with its statement, transport, branch, duration and row count: no parameters, no strings. A server
   * that is joined does not call it.
   */
  readonly onQuery?: OnQuery;
}

/** Ready when you hold it. `await using` closes it. */
export interface LocalNeon extends AsyncDisposable {
  /** `postgresql://todo:…@localhost:PORT/todo`, all the configuration that a client needs. */
  readonly url: string;
  readonly branches: Branches;
  /** Stops PostgreSQL. On a server that was joined it leaves it to its owner. Safe to call twice. */
  close(): Promise<void>;
  /** Settles when it has been closed: by `close()`, or, unless it was joined, because PostgreSQL ended by itself. */
  readonly closed: Promise<void>;
}

/** How long a data directory that another process holds is waited for. */
const HOLDER_TIMEOUT_MS = 120_000;

/**
 * Starts a local Neon, or joins the one that already serves `dataDir`.
 *
 * Throws `LocalNeonError`: `UNSUPPORTED_PLATFORM`, `PROGRAMS_UNUSABLE`, `PORT_TAKEN`, `DATA_DIRECTORY_IN_USE` (after 120 s),
 * `DATA_DIRECTORY_UNUSABLE` or `START_FAILED`. Nothing is left running then. `TypeError`: an `allowOrigin` that is no origin.
 *
 * ```ts
 * await using neon = await startLocalNeon();
 * const sql = connectHttp(neon.url);
 * ```
 */
export async function startLocalNeon(options: StartOptions = {}): Promise<LocalNeon> {
  if (options.postgres !== undefined) return startInFrontOf(options.postgres, options);
  if (options.dataDir === undefined) return start(options, undefined);
  const dataDir = resolve(options.dataDir);
  const deadline = Date.now() + HOLDER_TIMEOUT_MS;
  for (;;) {
    const running = await readRunningServer(dataDir);
    if (running && (options.port ?? running.port) === running.port) return handle(running.url);
    try {
      return await start(options, dataDir);
    } catch (error) {
      // Another process starts or stops there, or uses the folder for a moment.
      const isHeld = error instanceof LocalNeonError && error.code === 'DATA_DIRECTORY_IN_USE';
      if (!isHeld || Date.now() > deadline) throw error;
      if (running) throw runsElsewhere(dataDir, running.port, error);
    }
    await delay(50);
  }
}

/**
 * The URL of the server that runs on a data directory, also one of another process; undefined when none runs. Starts nothing.
 *
 * Throws `DATA_DIRECTORY_UNUSABLE` for a folder of another user, or in which others may write.
 */
export async function findLocalNeon(dataDir: string): Promise<string | undefined> {
  return (await readRunningServer(resolve(dataDir)))?.url;
}

async function start(options: StartOptions, dataDir: string | undefined): Promise<LocalNeon> {
  const allowOrigin = (options.allowOrigin ?? []).map(toOrigin);
  const isTemporary = dataDir === undefined;
  // Before anything is made: a start that cannot be leaves nothing behind.
  const programs = await findPostgresPrograms(options.binDir);
  const parentFolder = isTemporary ? temporaryDataFolder() : temporaryFolder();
  const log = isTemporary ? openNamelessFile(temporaryFolder()) : openLog(dataDir);
  try {
    const guard = await startGuard({ parentFolder, stopSignal: isTemporary ? 'QUIT' : 'INT', log });
    let opening: Promise<Gateway> | undefined;
    try {
      const folder = dataDir ?? guard.folder;
      const directory = await openDataDirectory({ folder, programs, isTemporary, stage: guard.stage });
      if (!isTemporary) await checkLock(directory, guard);
      const server = await startPostgres({ guard, programs, directory, isTemporary, log });
      const { port: preferredPort } = directory.settings;
      // While PostgreSQL starts.
      opening = openGateway(server, { port: options.port, preferredPort, allowOrigin, onQuery: options.onQuery });
      const [gateway] = await Promise.all([opening, server.ready]);
      return await announce(options, dataDir, directory, gateway, guard);
    } catch (error) {
      await opening?.then((gateway) => gateway.close()).catch(() => {});
      await guard.end();
      throw error;
    }
  } finally {
    closeSync(log);
  }
}

async function startInFrontOf(postgres: string, options: StartOptions): Promise<LocalNeon> {
  const parentFolder = temporaryFolder();
  const log = openNamelessFile(parentFolder);
  // It starts nothing, and removes the folder of the socket whatever happens.
  const guard = await startGuard({ parentFolder, stopSignal: 'QUIT', log }).finally(() => closeSync(log));
  try {
    const allowOrigin = (options.allowOrigin ?? []).map(toOrigin);
    const upstream = await openUpstream(postgres, guard.folder);
    const { port, onQuery } = options;
    const gateway = await openGateway(upstream, { port, preferredPort: undefined, allowOrigin, onQuery }).catch(
      async (error: unknown) => {
        await upstream.admin.end();
        await upstream.close();
        throw error;
      },
    );
    const [user, password, database] = [upstream.user, upstream.password, upstream.database].map(encodeURIComponent);
    const url = `postgresql://${user}:${password}@localhost:${gateway.port}/${database}`;
    return handle(url, gateway, async () => {
      await gateway.close();
      await upstream.close();
      await guard.end();
    });
  } catch (error) {
    await guard.end();
    throw error;
  }
}

async function announce(
  options: StartOptions,
  dataDir: string | undefined,
  directory: DataDirectory,
  gateway: Gateway,
  guard: Guard,
): Promise<LocalNeon> {
  const { port } = gateway;
  const url = `postgresql://${APPLICATION.role}:${directory.settings.password}@localhost:${port}/${APPLICATION.database}`;
  if (dataDir !== undefined) {
    rememberStart(dataDir, directory.settings, port);
    if (options.isJoinable !== false) await announceServer(dataDir, { port, url });
  }
  const neon = handle(url, gateway, async () => {
    if (dataDir !== undefined && options.isJoinable !== false) await withdrawServer(dataDir);
    await gateway.close();
    await guard.end();
  });
  // PostgreSQL may end by itself: then nobody is let in any more, and nobody joins. What fails is for who closes it to hear.
  guard.ended.then(() => neon.close()).catch(() => {});
  return neon;
}

/** Of one that was joined, the gateway and the end are its owner's. */
function handle(url: string, gateway?: Gateway, close: () => Promise<void> = async () => {}): LocalNeon {
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

function runsElsewhere(dataDir: string, port: number, cause: unknown): LocalNeonError {
  return new LocalNeonError(
    'DATA_DIRECTORY_IN_USE',
    `A local Neon already serves ${dataDir}, on port ${port}. Use that port, or stop it first.`,
    { cause },
  );
}
