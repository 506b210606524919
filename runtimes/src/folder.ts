/** Files of this folder. */
import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** @param path relative to `runtimes/`. */
export function inFolder(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

/** An empty folder for the project of a runtime, which finds the packages of this folder. Git leaves it out. */
export async function emptyFolder(name: string): Promise<string> {
  const path = inFolder(`.matrix/${name}`);
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true });
  return path;
}
