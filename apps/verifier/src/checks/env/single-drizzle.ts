import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

import { type Check, type Finding, verdict } from '../../check.ts';

/** Both are recognised by identity: an object of the one copy is a stranger to the other. */
const PACKAGES = ['drizzle-orm', '@neondatabase/serverless'];

export const singleDrizzle: Check = {
  id: 'env/single-drizzle',
  title: 'There is one drizzle-orm and one driver',
  method: 'Where this app and @todo/db find each of them.',
  why: 'Tables of one copy are not recognised by the other, and a transaction’s statements may go to different connections.',
  remedy: 'pnpm dedupe   # and one version in the catalog of pnpm-workspace.yaml',
  severity: 'warning',
  mode: 'local',
  run: async () => verdict(PACKAGES.flatMap((name) => judge(name, [import.meta.url, import.meta.resolve('@todo/db')]))),
};

export function judge(name: string, askers: readonly string[]): Finding[] {
  const found = new Set(askers.map((asker) => folderOf(name, asker)));
  if (found.size === 1 && !found.has(undefined)) return [];
  const paths = [...found].map((path) => path ?? 'none');
  return [{ have: `${name} at ${paths.join(' and ')}`, want: 'one copy' }];
}

/** Undefined where it is not installed. */
function folderOf(name: string, asker: string): string | undefined {
  try {
    const path = createRequire(fileURLToPath(asker)).resolve(name);
    return path.slice(0, path.lastIndexOf(`/${name}/`) + name.length + 1);
  } catch {
    return undefined;
  }
}
