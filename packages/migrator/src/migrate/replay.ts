/** What the migrations make, found by running them on an empty database. */
import { compareCatalogs, type Difference, type Fact, readCatalog } from '../catalog/index.ts';
import { connectSession } from '@todo/client/session';
import { applyMigration } from './apply-migration.ts';
import type { Migration } from './folder.ts';

/** An empty database to run the migrations on for comparison; disposed of when that is done. */
export interface Shadow extends AsyncDisposable {
  readonly url: string;
}

/** The catalogs of an empty database after the first migration, after the second, and so on. */
export async function replay(
  migrations: readonly Required<Migration>[],
  openShadow: () => Promise<Shadow>,
): Promise<Fact[][]> {
  await using shadow = await openShadow();
  await using session = await connectSession(shadow.url);
  const stages: Fact[][] = [];
  for (const migration of migrations) {
    await applyMigration(session, migration);
    stages.push(await readCatalog(session));
  }
  return stages;
}

/** The facts about tables and sequences that the migrations make at one time or another. */
export function concerning(made: readonly Fact[], facts: readonly Fact[]): Fact[] {
  const tables = new Set(made.filter(({ kind }) => kind === 'table').map(({ name }) => name));
  const sequences = new Set(made.filter(({ kind }) => kind === 'sequence').map(({ name }) => name));
  return facts.filter(({ kind, table, name }) => tables.has(table) || (kind === 'sequence' && sequences.has(name)));
}

/** Without the order of columns: a column that is added later stands last. */
export function differences(have: readonly Fact[], want: readonly Fact[]): Difference[] {
  return compareCatalogs(have, want).filter(({ attribute }) => attribute !== 'columnOrder');
}
