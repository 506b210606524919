/** Opens the database of a run, decides whether checks may write, and opens the shadow: a freshly migrated database for comparison. */
import { join } from 'node:path';

import { isLoopback } from '@todo/client';
import type { Environment } from '@todo/client/environment';
import { migrate } from '@todo/migrator';
import { findLocalNeon, type LocalNeon, startLocalNeon } from '@todo/local-neon';

import { cloneDatabase, MAINTENANCE_DATABASE } from './branch-clone.ts';
import { databaseName, replaceDatabase, type OpenDatabase } from './database-url.ts';
import { findPlainPostgres } from './plain-postgres.ts';
import { openTlsRelay, usesTls } from './tls-relay.ts';
import { Refusal } from './write-permission.ts';

export interface Target {
  /** The given URL. */
  readonly url: string;
  /** The URL for clients: the same, or that of a gateway or a clone. */
  readonly clientUrl: string;
  /** The origin of the URL, for messages: `--url`, `DATABASE_URL` or a local Neon. */
  readonly source: string;
  /** Whether checks may write: on this checkout's local Neon, on a clone, or with `--write`. */
  readonly mayWrite: boolean;
  /** The value of `--expect-branch`. */
  readonly expectBranch?: string | undefined;
  /** The URL of a temporary, freshly migrated database, which starts at the first call. */
  readonly shadow: () => Promise<string>;
  /** Closes everything that was opened. */
  readonly close: () => Promise<void>;
}

export interface TargetOptions {
  /** The migrations folder. */
  readonly migrations: string;
  /** Overrides the URL of the environment. */
  readonly url?: string | undefined;
  /** Lets checks write to a database that does not belong to this checkout. */
  readonly write: boolean;
  /** Runs on a clone of the database, which is dropped at the end. */
  readonly branch: boolean;
  readonly environment: Environment;
  /** Resolves when writing to the database is allowed, rejects when it is not. */
  readonly permitWriting: (url: string) => Promise<void>;
  /** Called with a line about the progress. */
  readonly note: (line: string) => void;
}

/**
 * Opens `url`, else `DATABASE_URL`, else a temporary, migrated local Neon. A PostgreSQL server without Neon's protocols gets a
 * gateway for the duration of the run.
 * @throws {Refusal} when writing is not permitted, or when `--branch` names a database that is not on this machine.
 * @throws {LocalNeonError} when the local Neon or the gateway does not start.
 * @throws {MigrationError} when a migration fails.
 */
export async function openTarget(options: TargetOptions): Promise<Target> {
  const { url, environment } = options;
  const givenUrl = url ?? environment.databaseUrl;
  if (givenUrl === undefined) return await openFresh(options);
  return await openGiven(givenUrl, url === undefined ? 'DATABASE_URL' : '--url', options);
}

/** Opens a given URL: starts a gateway if the server needs one, and clones the database for `--branch`. */
async function openGiven(
  url: string,
  source: string,
  { migrations, write, branch, environment, permitWriting, note }: TargetOptions,
): Promise<Target> {
  if (branch && !isLoopback(url)) {
    throw new Refusal(
      'Nothing was done: --branch only clones a database on this machine. On Neon, create a branch in the console and pass its URL with --url.',
    );
  }
  if (write) await permitWriting(url);
  // In the order of opening; closed in reverse.
  const opened: Pick<OpenDatabase, 'close'>[] = [];
  const close = async () => {
    for (const each of opened.toReversed()) await each.close().catch(() => note(LEFT_OPEN));
  };
  try {
    let clientUrl = url;
    const plain = await findPlainPostgres(url);
    if (plain !== undefined) {
      note('The server has no Neon protocols: starting a gateway for this run.');
      const relay = usesTls(url, plain) ? await openTlsRelay(url) : undefined;
      if (relay !== undefined) opened.push(relay);
      const postgres = relay?.url ?? url.trim();
      // The gateway stays connected to its database, and PostgreSQL does not clone a database that has sessions.
      const gateway = await startLocalNeon({
        postgres: branch ? replaceDatabase(postgres, MAINTENANCE_DATABASE) : postgres,
      });
      opened.push(gateway);
      clientUrl = replaceDatabase(gateway.url, databaseName(url));
    }
    if (branch) {
      const clone = await cloneDatabase(clientUrl);
      opened.push(clone);
      clientUrl = clone.url;
      note('Cloned the database: all checks run on the clone, which is dropped at the end.');
    }
    const preparedShadow = prepareShadow(migrations);
    opened.push(preparedShadow);
    const mayWrite = write || branch || (await isLocalNeonOfCheckout(url, environment));
    return { url, clientUrl, source, mayWrite, shadow: preparedShadow.shadow, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const LEFT_OPEN =
  'A connection, gateway or clone of this run could not be closed. The next run with --branch drops the clones of ended runs.';

/** Starts a temporary local Neon and migrates it. */
async function openFresh({ migrations }: TargetOptions): Promise<Target> {
  const neon = await startLocalNeon();
  try {
    // Clone before any other session connects: PostgreSQL does not clone a database that has sessions.
    const { url: shadow } = await neon.branches.create('shadow');
    await migrate(neon.url, migrations);
    return {
      url: neon.url,
      clientUrl: neon.url,
      source: 'a fresh local Neon',
      mayWrite: true,
      shadow: memoize(() => migrateShadow(shadow, migrations)),
      close: () => neon.close(),
    };
  } catch (error) {
    await neon.close();
    throw error;
  }
}

/** Returns the shadow, which starts at the first call, and the function that closes it. */
function prepareShadow(migrations: string): Pick<Target, 'shadow' | 'close'> {
  let neon: Promise<LocalNeon> | undefined;
  return {
    shadow: memoize(async () => {
      neon = startLocalNeon();
      return await migrateShadow((await neon).url, migrations);
    }),
    // A local Neon that failed to start has nothing to close.
    close: async () => await neon?.then((started) => started.close()).catch(() => {}),
  };
}

async function migrateShadow(url: string, migrations: string): Promise<string> {
  await migrate(url, migrations);
  return url;
}

/** Whether the URL is on the server that `pnpm db:dev` runs for this checkout. The server has several databases, so the ports are compared. */
async function isLocalNeonOfCheckout(url: string, { root }: Environment): Promise<boolean> {
  if (!isLoopback(url)) return false;
  const localUrl = await findLocalNeon(join(root, '.local-neon'));
  return localUrl !== undefined && new URL(localUrl).port === new URL(url.trim()).port;
}

function memoize<T>(task: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= task());
}
