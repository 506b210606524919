/** The end of a data directory. */
import { readlink, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { STATE_FOLDER } from './folders.ts';

/** Removes a data directory whose server has been stopped, and what root's server kept of it elsewhere. Fine if there is none. */
export async function removeLocalNeon(dataDir: string): Promise<void> {
  const target = await readlink(join(dataDir, 'postgres')).catch(() => undefined);
  const home = target && dirname(target);
  // A link of somebody's own leads to what is theirs.
  if (home && dirname(home) === STATE_FOLDER) await remove(home);
  await remove(dataDir);
}

/** Again and again for some seconds: a server that was killed with its program may be writing its last. */
async function remove(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 10 });
}
