/** Where the workspace is that a program was started in. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The nearest folder upwards with a `pnpm-workspace.yaml`. */
export function findWorkspaceRoot(start: string): string | undefined {
  let folder = resolve(start);
  while (!existsSync(join(folder, 'pnpm-workspace.yaml'))) {
    if (dirname(folder) === folder) return undefined;
    folder = dirname(folder);
  }
  return folder;
}
