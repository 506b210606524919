/** Creates folders, as `mkdir -p` does. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

import { ifPossible } from './if-possible.ts';

/** Creates a folder and its missing parents. Node's recursive `mkdir` hides the reason of a failure behind ENOENT. */
export function createFolder(folder: string, mode: number): void {
  try {
    mkdirSync(folder, mode);
  } catch (error) {
    if (isFolder(folder)) return;
    const isWithoutParent = (error as NodeJS.ErrnoException).code === 'ENOENT' && !isFolder(dirname(folder));
    if (!isWithoutParent || folder === dirname(folder)) throw error;
    createFolder(dirname(folder), mode);
    createFolder(folder, mode);
  }
}

function isFolder(path: string): boolean {
  return ifPossible(() => statSync(path).isDirectory()) ?? false;
}
