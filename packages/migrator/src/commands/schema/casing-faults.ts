/** Checks the option `casing`, which is set in two places: in the configuration of drizzle-kit and in the database definition. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { DatabaseDefinition } from '../../database-definition.ts';

/** Returns a fault if the two values differ: each tool would then report the other's migrations as missing. */
export async function findCasingFaults({ folder, casing }: DatabaseDefinition): Promise<string[]> {
  const file = (await readdir(folder)).find((name) => /^drizzle\.config\.(ts|js|mts|mjs|cts|cjs|json)$/.test(name));
  if (file === undefined) return [];
  // The configuration is not loaded, because it may be TypeScript and may read the environment.
  const [, configured] = /\bcasing["']?\s*:\s*["'](\w+)["']/.exec(await readFile(join(folder, file), 'utf8')) ?? [];
  if (configured === casing) return [];
  return [
    `${file} has casing: ${quote(configured)}, and the definition of the database has ${quote(casing)}. Set the same value in both.`,
  ];
}

function quote(casing: string | undefined): string {
  return casing === undefined ? 'nothing' : `'${casing}'`;
}
