/** The option `casing` stands in two places: drizzle-kit's own configuration, and the definition of the database. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { DatabaseDefinition } from '../../database-definition.ts';

/** Where both do not say the same, each command would take the other's migrations for missing ones. */
export async function findCasingFaults({ folder, casing }: DatabaseDefinition): Promise<string[]> {
  const file = (await readdir(folder)).find((name) => /^drizzle\.config\.(ts|js|mts|mjs|cts|cjs|json)$/.test(name));
  if (file === undefined) return [];
  // Not loaded: it may be TypeScript, and may read the environment.
  const [, configured] = /\bcasing["']?\s*:\s*["'](\w+)["']/.exec(await readFile(join(folder, file), 'utf8')) ?? [];
  if (configured === casing) return [];
  return [
    `${file} says casing: ${quote(configured)}, and the definition of the database says ${quote(casing)}. Say the same in both.`,
  ];
}

function quote(casing: string | undefined): string {
  return casing === undefined ? 'nothing' : `'${casing}'`;
}
