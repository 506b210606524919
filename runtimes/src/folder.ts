/** The files of the folder `runtimes/`. */
import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @param path relative to `runtimes/`. */
export function pathInFolder(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

/** The version of a package in the lock file of this folder. A package for another machine is not installed, but it has a version too. */
export function lockedVersion(name: string): string {
  const { packages } = JSON.parse(readFileSync(pathInFolder('package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly version: string }>>;
  };
  return packages[`node_modules/${name}`]?.version ?? 'unknown';
}

/** Creates an empty folder for the project of a runtime. The project finds the packages of this folder. Git ignores the folder. */
export async function emptyFolder(name: string): Promise<string> {
  const path = pathInFolder(`.matrix/${name}`);
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true });
  return path;
}

/** The text of files by their path in a folder. */
export type Files = Readonly<Record<string, string>>;

export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}
