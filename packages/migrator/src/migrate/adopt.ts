/**
 * A database that has the tables but no record of their migrations, because `drizzle-kit push`, another tool or somebody's
 * hand made them: when it is what the migrations make, they count as applied.
 */
import { type Fact, readCatalog } from '../catalog/index.ts';
import type { Session } from '@todo/client/session';
import { adoptionDiffers } from './adoption-differs.ts';
import type { Migration } from './folder.ts';
import { recordMigration } from './ledger.ts';
import { MigrationError } from './migration-error.ts';
import { concerning, differences, replay, type Shadow } from './replay.ts';

/**
 * Finds what a database without a ledger already has: all migrations, or the first few. What is compared
 * are the tables that the migrations make in the schema `public`, with their columns (not in which order), indexes,
 * constraints and sequences. Rows are not, so a migration that only moves data counts as applied along with the schema
 * around it; nor is what `readCatalog` does not read, such as triggers.
 * Changes nothing.
 * @returns the migrations to record as applied; none when the database has none of their tables.
 * @throws {MigrationError} `NEEDS_SHADOW`; `ADOPTION_DIFFERS`, with each difference.
 */
export async function findAdoptable(
  session: Session,
  migrations: readonly Required<Migration>[],
  openShadow: (() => Promise<Shadow>) | undefined,
): Promise<Required<Migration>[]> {
  const live = await readCatalog(session);
  const tables = live.filter(({ kind, name }) => kind === 'table' && makesTable(migrations, name));
  if (tables.length === 0) return [];
  if (openShadow === undefined) throw needsShadow(tables);

  const stages = await replay(migrations, openShadow);
  const have = concerning(stages.flat(), live);
  const count = stages.findLastIndex((want) => differences(have, want).length === 0) + 1;
  const want = stages.at(-1) ?? [];
  if (count === 0) throw adoptionDiffers(differences(have, want), want);
  return migrations.slice(0, count);
}

/** Records them as applied, at a time that nobody knows. */
export async function recordAdopted(session: Session, migrations: readonly Required<Migration>[]): Promise<void> {
  if (migrations.length === 0) return;
  await session.query('begin');
  try {
    for (const migration of migrations) await recordMigration(session, migration);
    await session.query('commit');
  } catch (error) {
    await session.query('rollback').catch(() => {});
    throw error;
  }
}

/** Whether a migration makes a table of that name: a table of somebody else's is no reason to compare anything. */
function makesTable(migrations: readonly Required<Migration>[], table: string): boolean {
  const name = table.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const make = String.raw`(create\s+table|rename\s+to)\s+(if\s+not\s+exists\s+)?("?public"?\.)?("${name}"|${name}\b)`;
  const pattern = new RegExp(make, 'i');
  return migrations.some(({ file }) => file.statements.some(({ text }) => pattern.test(text)));
}

function needsShadow(tables: readonly Fact[]): MigrationError {
  const names = tables.map(({ name }) => `"${name}"`).join(', ');
  return new MigrationError(
    'NEEDS_SHADOW',
    `The database has ${names} but no record of the migrations that make them: another tool or a hand made it.` +
      ' Recording them takes an empty database to compare with: `migrate(url, { shadow: startLocalNeon })`,' +
      ' or `pnpm db:migrate`. Nothing was changed.',
  );
}
