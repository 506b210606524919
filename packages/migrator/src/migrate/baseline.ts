/**
 * Baselines a database that has the tables but no recorded migrations, because `drizzle-kit push`, another tool or manual SQL created them.
 * If the database equals the result of the migrations, they are recorded as applied.
 */
import { type Difference, type Fact, readCatalog } from '../catalog/index.ts';
import type { Session } from '@todo/client/session';
import { compareLists, namePattern } from '../catalog/quoted.ts';
import { runInTransaction } from '../transaction.ts';
import { baselineDiffersError } from './baseline-differs.ts';
import type { FileMigration } from './folder.ts';
import { recordMigration } from './migrations-table.ts';
import { MigrationError } from './migration-error.ts';
import { filterToMigratedObjects, findDifferences, replayMigrations, type OpenShadow } from './replay.ts';

/**
 * Finds the migrations whose result a database without a migrations table already has: all migrations, or the first few. The whole catalog
 * of the migrations' objects is compared, except the order of columns, storage, and privileges beyond those that the migrations grant. Rows
 * are not compared, so a migration that only changes data counts as applied together with the schema around it. Changes nothing.
 * @returns the migrations to record as applied; none if the database has none of their tables, views and types.
 * @throws {MigrationError} `NEEDS_SHADOW`; `BASELINE_DIFFERS`, with each difference.
 */
export async function findBaseline(
  session: Session,
  migrations: readonly FileMigration[],
  openShadow: OpenShadow | undefined,
): Promise<FileMigration[]> {
  const live = await readCatalog(session);
  const candidates = live.filter(({ kind }) => kind === 'table' || kind === 'type');
  const migratedObjects = candidates.filter((fact) => isCreatedBy(migrations, fact));
  if (migratedObjects.length === 0) return [];
  if (openShadow === undefined) throw needsShadowError(migratedObjects);

  const catalogs = await replayMigrations(migrations, openShadow);
  const created = catalogs.flat();
  const have = filterToMigratedObjects(created, live);
  const differencesFrom = (want: readonly Fact[]) =>
    findDifferences(have, filterToMigratedObjects(created, want)).filter(preventsBaseline);
  const count = catalogs.findLastIndex((want) => differencesFrom(want).length === 0) + 1;
  const want = catalogs.at(-1) ?? [];
  if (count === 0) throw baselineDiffersError(differencesFrom(want), have, want);
  return migrations.slice(0, count);
}

/** Whether the difference prevents a baseline. Additional grants and storage parameters do not: the migrations also run with these. */
function preventsBaseline(difference: Difference): boolean {
  if (difference.kind === 'storage') return false;
  if (difference.kind !== 'access' || difference.change !== 'changed') return true;
  return compareLists(difference).added.length > 0;
}

/** Records the migrations as applied, without a time, which is unknown. */
export async function recordBaseline(session: Session, migrations: readonly FileMigration[]): Promise<void> {
  if (migrations.length === 0) return;
  await runInTransaction(session, async () => {
    for (const migration of migrations) await recordMigration(session, migration);
  });
}

/** Whether a migration creates an object of that name, or renames one to it. If not, it belongs to another application. */
function isCreatedBy(migrations: readonly FileMigration[], { kind, schema, name }: Fact): boolean {
  // An unqualified name is in `public`. A RENAME names the schema before the old name.
  const isPublic = schema === 'public';
  const prefix = isPublic ? String.raw`("?public"?\.)?` : String.raw`${namePattern(schema)}\.`;
  const relation = String.raw`(table|(or\s+replace\s+)?((materialized|recursive)\s+)?view)`;
  const kinds = kind === 'type' ? '(type|domain)' : relation;
  const created = String.raw`create\s+(unlogged\s+)?${kinds}\s+(if\s+not\s+exists\s+)?${prefix}${namePattern(name)}`;
  const renamed = String.raw`${isPublic ? '' : `${prefix}.*`}rename\s+to\s+${namePattern(name)}`;
  const pattern = new RegExp(String.raw`(${created}|${renamed})(?![\w$])`, 'is');
  return migrations.some(({ file }) => file.statements.some(({ text }) => pattern.test(text)));
}

function needsShadowError(tables: readonly Fact[]): MigrationError {
  const names = tables.map(({ name }) => `"${name}"`).join(', ');
  return new MigrationError(
    'NEEDS_SHADOW',
    `The database has ${names} but no record of the migrations that create them. Nothing was changed. Run \`pnpm db:migrate\`, or pass` +
      ' an empty database for a comparison: `migrate(url, { shadow: startLocalNeon })`. If the database equals the migrations, they are' +
      ' recorded as applied.',
  );
}
