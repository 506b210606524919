/** Checks the option `casing`, which is set in two places: in the configuration of drizzle-kit and in the database definition. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { getTableColumns } from 'drizzle-orm';

import type { DatabaseDefinition } from '../../database-definition.ts';
import { tablesIn } from '../seed/tables.ts';

/** Returns a fault if the two values differ, or columns do not have these names: each tool would name the columns in another way. */
export async function findCasingFaults({ folder, casing, schema }: DatabaseDefinition): Promise<string[]> {
  const columns = tablesIn(schema).flatMap((table) => Object.values(getTableColumns(table)));
  if (casing !== undefined && columns.some(({ keyAsName }) => keyAsName)) {
    return [`casing is '${casing}', but the columns do not have these names. Use nameColumns(schema, '${casing}').`];
  }
  const file = (await readdir(folder)).find((name) => /^drizzle\.config\.(ts|js|mts|mjs|cts|cjs|json)$/.test(name));
  if (file === undefined) return [];
  // The configuration is not loaded, because it may be TypeScript and may read the environment.
  const [, configured] = /\bcasing["']?\s*:\s*["'](\w+)["']/.exec(await readFile(join(folder, file), 'utf8')) ?? [];
  if (configured === casing) return [];
  return [
    `${file} has casing: ${quote(configured)}, and the definition of the database has ${quote(casing)}. Set the same value in both.` +
      (casing === undefined ? ` In the definition, use nameColumns(schema, ${quote(configured)}).` : ''),
  ];
}

function quote(casing: string | undefined): string {
  return casing === undefined ? 'nothing' : `'${casing}'`;
}
