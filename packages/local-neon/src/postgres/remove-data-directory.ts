/** Removes a data directory. */
import { readdir, rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { LocalNeonError } from '../error.ts';
import { readRunningServer } from '../running-server.ts';
import { removeTree } from './remove-tree.ts';
import { findRootDirectory, findOriginal } from './root-directory.ts';

/** The files of a data directory, including incomplete ones. */
const OWN_FILES = /^(?:settings\.json(?:\..+)?|server\.json(?:\.next)?|postgres|postgres\.log|initdb-.+)$/;

/** Time for a server that was just asked to stop. */
const STOP_TIMEOUT_MS = 2000;

/**
 * Removes a data directory, and its root directory. A missing one is allowed; other files in the folder stay.
 *
 * Throws `DATA_DIRECTORY_IN_USE` while a joinable server runs on it (stop any other server first), and
 * `DATA_DIRECTORY_UNUSABLE` when other users may write in the folder.
 */
export async function removeLocalNeon(dataDir: string): Promise<void> {
  await waitUntilUnused(dataDir);
  const rootDirectory = findRootDirectory(dataDir);
  // In a copy, the link points to the root directory of the original.
  if (rootDirectory !== undefined && findOriginal(rootDirectory, resolve(dataDir)) === undefined) {
    await removeTree(rootDirectory);
  }
  const entries = await readdir(dataDir).catch(ignoreMissing([]));
  await Promise.all(entries.filter((name) => OWN_FILES.test(name)).map((name) => removeTree(join(dataDir, name))));
  await rmdir(dataDir).catch(ignoreMissing(undefined));
}

async function waitUntilUnused(dataDir: string): Promise<void> {
  for (const startedAt = performance.now(); ;) {
    const running = await readRunningServer(dataDir);
    if (!running) return;
    if (performance.now() - startedAt > STOP_TIMEOUT_MS) {
      throw new LocalNeonError(
        'DATA_DIRECTORY_IN_USE',
        `${dataDir} is not removed: a local Neon serves it on port ${running.port}. Stop that server first.`,
      );
    }
    await delay(50);
  }
}

function ignoreMissing<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (['ENOENT', 'ENOTDIR', 'ENOTEMPTY'].includes(error.code ?? '')) return value;
    throw error;
  };
}
