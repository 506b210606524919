/** Files of this folder. */
import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** @param path relative to `runtimes/`. */
export function inFolder(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

/** An empty folder for what a runtime builds. It is below `node_modules`, which git, the formatter and the linter leave out. */
export async function emptyFolder(name: string): Promise<string> {
  const path = inFolder(`node_modules/.matrix/${name}`);
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true });
  return path;
}
