/** What `db:status` says of a database, beside what `verify` says of its schema and migrations. */
import { connectSession } from '@todo/client/session';
import type { LocalNeon } from '@todo/local-neon';
import {
  migrationStatus,
  migrationsTableProblems,
  readFolder,
  readMigrationsTable,
  schemaDrift,
  type Shadow,
} from '@todo/migrator';

import { app } from '../../src/app.ts';
import type { Result } from '../../src/result.ts';
import { loud } from './read-only-checks.ts';

/** Whether `db:status` would exit with 0. */
export async function isWellByStatus(url: string, shadows: LocalNeon): Promise<boolean> {
  await using session = await connectSession(url);
  const { migrations } = app.database;
  const folder = await readFolder(migrations);
  const table = await readMigrationsTable(session);
  if (table.fault !== undefined || migrationsTableProblems(table, folder.migrations).length > 0) return false;
  const states = await migrationStatus(session, migrations);
  if (states.some(({ state }) => state !== 'applied')) return false;
  const drift = await schemaDrift(session, migrations, { shadow: () => emptyDatabase(shadows) });
  return drift?.length === 0;
}

/** Whether none of the checks fails or warns that ask what `db:status` asks. */
export function isWellByVerify(results: readonly Result[]): boolean {
  return !loud(results).some((id) => id.startsWith('schema/') || id.startsWith('migrate/'));
}

let count = 0;

async function emptyDatabase({ branches }: LocalNeon): Promise<Shadow> {
  const { name, url } = await branches.create(`shadow_${(count += 1)}`, { from: 'template1' });
  return { url, [Symbol.asyncDispose]: () => branches.delete(name) };
}
