/** Finds the root of the workspace. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The nearest parent folder with a `pnpm-workspace.yaml`; undefined when there is none. */
export function findWorkspaceRoot(start: string): string | undefined {
  let folder = resolve(start);
  while (!existsSync(join(folder, 'pnpm-workspace.yaml'))) {
    if (dirname(folder) === folder) return undefined;
    folder = dirname(folder);
  }
  return folder;
}
