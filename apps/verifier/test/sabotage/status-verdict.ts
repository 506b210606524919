/** Compares the verdict of `db:status` with that of the `verify` checks of schema and migrations. */
import { connectSession } from '@todo/client/session';
import type { LocalNeon } from '@todo/local-neon';
import { isHarmless } from '@todo/migrator/catalog';
import {
  migrationStatus,
  migrationsTableProblems,
  readFolder,
  readMigrationsTable,
  schemaDrift,
  type Shadow,
} from '@todo/migrator';

import type { Result } from '../../src/result.ts';
import { twoTables } from '../two-tables/two-tables.ts';
import { loud } from './read-only-checks.ts';

/** Whether `db:status` would exit with 0. It does not if it cannot query the database. */
export async function isWellByStatus(url: string, shadows: LocalNeon): Promise<boolean> {
  try {
    await using session = await connectSession(url);
    const { migrations } = twoTables.database;
    const folder = await readFolder(migrations);
    const table = await readMigrationsTable(session);
    if (migrationsTableProblems(table, folder.migrations).length > 0) return false;
    const states = await migrationStatus(session, migrations);
    if (states.some(({ state }) => state !== 'applied')) return false;
    const drift = await schemaDrift(session, migrations, { shadow: () => emptyDatabase(shadows) });
    return drift?.every(isHarmless) === true;
  } catch {
    return false;
  }
}

/** Whether all checks that correspond to `db:status` ran, and none of them failed or warned. */
export function isWellByVerify(results: readonly Result[]): boolean {
  const asked = results.filter(({ id }) => id.startsWith('schema/') || id.startsWith('migrate/'));
  return asked.every(({ status }) => status !== 'skip') && loud(asked).length === 0;
}

let count = 0;

async function emptyDatabase({ branches }: LocalNeon): Promise<Shadow> {
  const { name, url } = await branches.create(`shadow_${(count += 1)}`, { from: 'template1' });
  return { url, [Symbol.asyncDispose]: () => branches.delete(name) };
}
