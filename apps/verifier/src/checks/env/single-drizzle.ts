import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { type Check, type Finding, verdict } from '../../check.ts';

/** Both packages compare classes by identity: one copy does not recognise objects of another copy. */
const PACKAGES = ['drizzle-orm', '@neondatabase/serverless'];

export const singleDrizzle: Check = {
  id: 'env/single-drizzle',
  title: 'One copy of drizzle-orm and one of the driver is installed',
  method: 'Resolves both from the verifier, the clients and the schema package.',
  why: 'One copy does not recognise tables of the other, and the statements of a transaction may use different connections.',
  remedy: 'Keep one version in the catalog of pnpm-workspace.yaml, then run pnpm dedupe.',
  severity: 'warning',
  mode: 'local',
  run: async ({ database }) => {
    const clients = fileURLToPath(import.meta.resolve('@todo/client'));
    const importers = [fileURLToPath(import.meta.url), clients, join(database.folder, 'package.json')];
    return verdict(PACKAGES.flatMap((name) => toFindings(name, importers)));
  },
};

/** A finding unless `name` resolves to one folder from all `importers`: paths of files, which need not exist. */
export function toFindings(name: string, importers: readonly string[]): Finding[] {
  // A package that does not use `name` need not have it installed.
  const folders = new Set(importers.flatMap((importer) => folderOf(name, importer) ?? []));
  if (folders.size === 1) return [];
  const paths = folders.size === 0 ? 'none' : [...folders].join(' and ');
  return [{ have: `${name} at ${paths}`, want: 'one copy' }];
}

/** The folder of the package that a file would import. Undefined if the package is not installed. */
function folderOf(name: string, importer: string): string | undefined {
  try {
    const path = createRequire(importer).resolve(name);
    return path.slice(0, path.lastIndexOf(`/${name}/`) + name.length + 1);
  } catch {
    return undefined;
  }
}
