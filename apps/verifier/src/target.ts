/** Which database a run is about, what it may do there, and the freshly migrated one to compare it with. */
import { join } from 'node:path';

import { isLoopback } from '@todo/client';
import type { Environment } from '@todo/client/environment';
import { migrate } from '@todo/migrator';
import { findLocalNeon, type LocalNeon, startLocalNeon } from '@todo/local-neon';

import { cloneDatabase, databaseOf, MAINTENANCE, ofDatabase } from './branch-clone.ts';
import { findPlainPostgres } from './plain-postgres.ts';
import { openTlsRelay, wantsTls } from './tls-relay.ts';
import { Refusal } from './write-permission.ts';

export interface Target {
  /** As it was given. */
  readonly url: string;
  /** Where the clients connect: the same, unless a gateway stands in front of it or a clone in its place. */
  readonly clientUrl: string;
  readonly source: string;
  /** Whether checks may write: on a local Neon of this checkout's own, or because somebody said so. */
  readonly mayWrite: boolean;
  /** The branch that somebody means it to be. */
  readonly expectBranch?: string | undefined;
  /** The URL of a freshly migrated database of the run's own; started at the first call. */
  readonly shadow: () => Promise<string>;
  /** Stops what was started. */
  readonly close: () => Promise<void>;
}

export interface TargetOptions {
  /** The migrations folder. */
  readonly migrations: string;
  readonly url?: string | undefined;
  readonly write: boolean;
  /** Runs on a clone of it, which is gone afterwards. */
  readonly branch: boolean;
  readonly environment: Environment;
  /** Returns when writing to a database that was named is allowed, throws when it is not. */
  readonly permitWriting: (url: string) => Promise<void>;
  readonly note: (line: string) => void;
}

/**
 * Opens `url`, else `DATABASE_URL`, else a temporary local Neon that it migrates. A PostgreSQL that does not speak Neon's
 * protocol gets a gateway for the length of the run.
 * @throws {Refusal} when writing is not permitted, or a database that is not on this machine should be cloned.
 * @throws {LocalNeonError} when the local Neon, or the gateway, does not start.
 * @throws {MigrationError} when the migrations do not run on it.
 */
export async function openTarget(options: TargetOptions): Promise<Target> {
  const { url, environment } = options;
  const named = url ?? environment.databaseUrl;
  if (named === undefined) return await openFresh(options);
  return await openNamed(named, url === undefined ? 'DATABASE_URL' : '--url', options);
}

async function openNamed(
  url: string,
  source: string,
  { migrations, write, branch, environment, permitWriting, note }: TargetOptions,
): Promise<Target> {
  if (branch && !isLoopback(url)) {
    throw new Refusal(
      'Nothing was done: --branch clones a database on this machine. On Neon, make a branch in the console and name it with --url.',
    );
  }
  if (write) await permitWriting(url);
  // In the order in which they are opened; closed from the end.
  const opened: Closeable[] = [];
  const close = async () => {
    for (const each of opened.toReversed()) await each.close().catch(() => note(LEFT_OPEN));
  };
  try {
    let clientUrl = url;
    const plain = await findPlainPostgres(url);
    if (plain !== undefined) {
      note('It speaks no Neon protocol: a gateway stands in front of it for this run.');
      const relay = wantsTls(url, plain) ? await openTlsRelay(url) : undefined;
      if (relay !== undefined) opened.push(relay);
      const postgres = relay?.url ?? url.trim();
      // It stays connected to the database that it is given, and what is cloned must stand still.
      const gateway = await startLocalNeon({ postgres: branch ? ofDatabase(postgres, MAINTENANCE) : postgres });
      opened.push(gateway);
      clientUrl = ofDatabase(gateway.url, databaseOf(url));
    }
    if (branch) {
      const clone = await cloneDatabase(clientUrl);
      opened.push(clone);
      clientUrl = clone.url;
      note('It was cloned: everything runs on the clone, which is dropped at the end.');
    }
    const shadow = openShadowLater(migrations);
    opened.push(shadow);
    const mayWrite = write || branch || (await isOwnLocalNeon(url, environment));
    return { url, clientUrl, source, mayWrite, shadow: shadow.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The server went away meanwhile, say. */
const LEFT_OPEN = 'Not all that this run opened could be closed; a clone that is left is dropped by the next --branch.';

interface Closeable {
  readonly close: () => Promise<void>;
}

async function openFresh({ migrations }: TargetOptions): Promise<Target> {
  const neon = await startLocalNeon();
  try {
    // Before anything connects to the database: PostgreSQL clones only what stands still.
    const { url: shadow } = await neon.branches.create('shadow');
    await migrate(neon.url, migrations);
    return {
      url: neon.url,
      clientUrl: neon.url,
      source: 'a fresh local Neon',
      mayWrite: true,
      shadow: once(() => migrated(shadow, migrations)),
      close: () => neon.close(),
    };
  } catch (error) {
    await neon.close();
    throw error;
  }
}

function openShadowLater(migrations: string): Closeable & { readonly url: Target['shadow'] } {
  let neon: Promise<LocalNeon> | undefined;
  return {
    url: once(async () => {
      neon = startLocalNeon();
      return await migrated((await neon).url, migrations);
    }),
    // One that did not start has nothing to close.
    close: async () => await neon?.then((started) => started.close()).catch(() => {}),
  };
}

async function migrated(url: string, migrations: string): Promise<string> {
  await migrate(url, migrations);
  return url;
}

/** Any database of the server that `pnpm db:dev` runs for this checkout. */
async function isOwnLocalNeon(url: string, { root }: Environment): Promise<boolean> {
  if (!isLoopback(url)) return false;
  const own = await findLocalNeon(join(root, '.local-neon'));
  return own !== undefined && new URL(own).port === new URL(url.trim()).port;
}

function once<T>(task: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= task());
}
