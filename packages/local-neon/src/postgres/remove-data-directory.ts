/** The end of a data directory. */
import { readdir, rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { LocalNeonError } from '../error.ts';
import { readRunningServer } from '../running-server.ts';
import { removeTree } from './remove-tree.ts';
import { findRootDirectory, findOriginal } from './root-directory.ts';

/** What a data directory is made of, half-made included. */
const OWN = /^(?:settings\.json(?:\..+)?|server\.json(?:\.next)?|postgres|postgres\.log|initdb-.+)$/;

/** One that has just been told to end is given so long. */
const ENDING_MS = 2000;

/**
 * Removes a data directory, and what root's server kept of it elsewhere. Fine where there is none; what else lies in the folder stays.
 *
 * Throws `DATA_DIRECTORY_IN_USE` while a server that others may join runs on it (stop any other one before), and
 * `DATA_DIRECTORY_UNUSABLE` for a folder in which others may write.
 */
export async function removeLocalNeon(dataDir: string): Promise<void> {
  await untilUnused(dataDir);
  const home = findRootDirectory(dataDir);
  // Of a copy it is the original's.
  if (home !== undefined && findOriginal(home, resolve(dataDir)) === undefined) await removeTree(home);
  const entries = await readdir(dataDir).catch(unlessNone([]));
  await Promise.all(entries.filter((name) => OWN.test(name)).map((name) => removeTree(join(dataDir, name))));
  await rmdir(dataDir).catch(unlessNone(undefined));
}

async function untilUnused(dataDir: string): Promise<void> {
  for (const from = performance.now(); ;) {
    const running = await readRunningServer(dataDir);
    if (!running) return;
    if (performance.now() - from > ENDING_MS) {
      throw new LocalNeonError(
        'DATA_DIRECTORY_IN_USE',
        `${dataDir} is not removed: a local Neon serves it, on port ${running.port}. Stop that one first.`,
      );
    }
    await delay(50);
  }
}

function unlessNone<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (['ENOENT', 'ENOTDIR', 'ENOTEMPTY'].includes(error.code ?? '')) return value;
    throw error;
  };
}
