import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { type Check, type Finding, verdict } from '../../check.ts';

/** Both are recognised by identity: an object of the one copy is a stranger to the other. */
const PACKAGES = ['drizzle-orm', '@neondatabase/serverless'];

export const singleDrizzle: Check = {
  id: 'env/single-drizzle',
  title: 'There is one drizzle-orm and one driver',
  method: 'Where the verifier, the clients and the package of the schema find each of them.',
  why: 'Tables of one copy are not recognised by the other, and a transaction’s statements may go to different connections.',
  remedy: 'pnpm dedupe   # and one version in the catalog of pnpm-workspace.yaml',
  severity: 'warning',
  mode: 'local',
  run: async ({ database }) => {
    const clients = fileURLToPath(import.meta.resolve('@todo/client'));
    const askers = [fileURLToPath(import.meta.url), clients, join(database.folder, 'package.json')];
    return verdict(PACKAGES.flatMap((name) => judge(name, askers)));
  },
};

/** `askers` are paths of files, which need not exist. */
export function judge(name: string, askers: readonly string[]): Finding[] {
  // Who does not use it need not find it.
  const found = new Set(askers.flatMap((asker) => folderOf(name, asker) ?? []));
  if (found.size === 1) return [];
  const paths = found.size === 0 ? 'none' : [...found].join(' and ');
  return [{ have: `${name} at ${paths}`, want: 'one copy' }];
}

/** Undefined where it is not installed. */
function folderOf(name: string, asker: string): string | undefined {
  try {
    const path = createRequire(asker).resolve(name);
    return path.slice(0, path.lastIndexOf(`/${name}/`) + name.length + 1);
  } catch {
    return undefined;
  }
}
