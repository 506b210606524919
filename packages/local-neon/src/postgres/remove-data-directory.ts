/** Removes a data directory that no server uses. */
import { readdir, rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { LocalNeonError } from '../error.ts';
import { readRunningServer } from '../running-server.ts';
import { removeTree } from './remove-tree.ts';
import { findOriginal, findRootOwnedDirectory } from './root-owned-directory.ts';

/** Names of the files that local-neon creates in a data directory, including incomplete ones. */
const LOCAL_NEON_FILES = /^(?:settings\.json(?:\..+)?|server\.json(?:\.next)?|postgres|postgres\.log|initdb-.+)$/;

/** How long a removal waits for a server that was just asked to stop. */
const STOP_TIMEOUT_MS = 2000;

/**
 * Removes a data directory and its root-owned directory. A missing data directory is allowed. Files of others stay.
 *
 * Throws `DATA_DIRECTORY_IN_USE` while a joinable server runs on the data directory (stop any other server first), and
 * `DATA_DIRECTORY_UNUSABLE` when other users may write in the folder.
 */
export async function removeLocalNeon(dataDir: string): Promise<void> {
  await waitUntilUnused(dataDir);
  const rootOwned = findRootOwnedDirectory(dataDir);
  // In a copy, the link points to the root-owned directory of the original.
  if (rootOwned !== undefined && findOriginal(rootOwned, resolve(dataDir)) === undefined) {
    await removeTree(rootOwned);
  }
  const entries = await readdir(dataDir).catch(ignoreMissing([]));
  await Promise.all(
    entries.filter((name) => LOCAL_NEON_FILES.test(name)).map((name) => removeTree(join(dataDir, name))),
  );
  await rmdir(dataDir).catch(ignoreMissing(undefined));
}

async function waitUntilUnused(dataDir: string): Promise<void> {
  for (const startedAt = performance.now(); ;) {
    const running = await readRunningServer(dataDir);
    if (!running) return;
    if (performance.now() - startedAt > STOP_TIMEOUT_MS) {
      const message =
        `${dataDir} is not removed: a local Neon serves its databases on port ${running.port}. ` +
        'Stop that server first (local-neon stop, with --data).';
      throw new LocalNeonError('DATA_DIRECTORY_IN_USE', message);
    }
    await delay(50);
  }
}

/** An error handler that returns the value for a missing folder, and for a folder in which other files stay. */
function ignoreMissing<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (['ENOENT', 'ENOTDIR', 'ENOTEMPTY'].includes(error.code ?? '')) return value;
    throw error;
  };
}
