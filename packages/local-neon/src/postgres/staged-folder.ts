/** Creates folders that are never incomplete. */
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';

/** Fills a staging folder beside `folder` and renames it, so that an interrupted copy is never used. */
export async function createOnce(folder: string, fill: (staging: string) => Promise<unknown>): Promise<void> {
  const staging = await mkdtemp(`${folder}.`);
  try {
    await fill(staging);
    await rename(staging, folder);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    // Another process may have been faster; its folder is equal.
    if (!existsSync(folder)) throw error;
  }
}
