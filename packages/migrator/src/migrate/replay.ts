/** What the migrations make, found by running them on an empty database. */
import { identityOf } from '../catalog/fact.ts';
import { compareCatalogs, type Difference, type Fact, readCatalog } from '../catalog/index.ts';
import { objectOf, ownersWithinSchema } from '../catalog/one-side.ts';
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

/** The catalog of an empty database after all of them. */
export async function catalogAfter(
  migrations: readonly Required<Migration>[],
  openShadow: () => Promise<Shadow>,
): Promise<Fact[]> {
  await using shadow = await openShadow();
  await using session = await connectSession(shadow.url);
  for (const migration of migrations) await applyMigration(session, migration);
  return await readCatalog(session);
}

/**
 * The facts about what the migrations make at one time or another: their schemas, tables, views, types, functions and
 * sequences, with all that belongs to these. What somebody else made beside them is left out, and so are the rights in the
 * database as a whole.
 */
export function concerning(made: readonly Fact[], facts: readonly Fact[]): Fact[] {
  const known = new Set(made.filter(({ schema, kind }) => schema !== '' || kind === 'extension').map(identityOf));
  const objects = new Set(made.flatMap(objectOf));
  return facts.filter(
    (fact) => known.has(identityOf(fact)) || ownersWithinSchema(fact).some((owner) => objects.has(owner)),
  );
}

/** Without the order of columns: a column that is added later stands last. */
export function differences(have: readonly Fact[], want: readonly Fact[]): Difference[] {
  return compareCatalogs(have, want).filter(({ attribute }) => attribute !== 'columnOrder');
}
