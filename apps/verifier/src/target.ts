/** Which database a run is about, what it may do there, and the freshly migrated one to compare it with. */
import { join } from 'node:path';

import { isLoopback } from '@todo/db';
import type { Environment } from '@todo/db/environment';
import { migrate } from '@todo/db/migrate';
import { findLocalNeon, type LocalNeon, startLocalNeon } from '@todo/local-neon';

export interface Target {
  readonly url: string;
  readonly source: string;
  /** Whether checks may write: on a local Neon of this checkout's own, or because somebody said so. */
  readonly mayWrite: boolean;
  /** The URL of a freshly migrated database of the run's own; started at the first call. */
  readonly shadow: () => Promise<string>;
  /** Stops what was started. */
  readonly close: () => Promise<void>;
}

export interface TargetOptions {
  readonly url?: string | undefined;
  readonly write: boolean;
  readonly environment: Environment;
}

/**
 * Opens `url`, else `DATABASE_URL`, else a temporary local Neon that it migrates.
 * @throws {LocalNeonError} when the local Neon does not start.
 * @throws {MigrationError} when the migrations do not run on it.
 */
export async function openTarget({ url, write, environment }: TargetOptions): Promise<Target> {
  const named = url ?? environment.databaseUrl;
  if (named === undefined) return await openFresh();
  return {
    url: named,
    source: url === undefined ? 'DATABASE_URL' : '--url',
    mayWrite: write || (await isOwnLocalNeon(named, environment)),
    ...openShadowLater(),
  };
}

async function openFresh(): Promise<Target> {
  const neon = await startLocalNeon();
  try {
    // Before anything connects to the database: PostgreSQL clones only what stands still.
    const { url: shadow } = await neon.branches.create('shadow');
    await migrate(neon.url);
    return {
      url: neon.url,
      source: 'a fresh local Neon',
      mayWrite: true,
      shadow: once(() => migrated(shadow)),
      close: () => neon.close(),
    };
  } catch (error) {
    await neon.close();
    throw error;
  }
}

function openShadowLater(): Pick<Target, 'shadow' | 'close'> {
  let neon: Promise<LocalNeon> | undefined;
  return {
    shadow: once(async () => {
      neon = startLocalNeon();
      return await migrated((await neon).url);
    }),
    // One that did not start has nothing to close.
    close: async () => await neon?.then((started) => started.close()).catch(() => {}),
  };
}

async function migrated(url: string): Promise<string> {
  await migrate(url);
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
