/** Reads the catalog that the migrations create, by running them on an empty database. */
import { identityOf } from '../catalog/fact.ts';
import { compareCatalogs, type Difference, type Fact, readCatalog } from '../catalog/index.ts';
import { asContainer, containersWithinSchema } from '../catalog/one-side.ts';
import { connectSession } from '@todo/client/session';
import { applyMigration } from './apply-migration.ts';
import type { FileMigration } from './folder.ts';

/** An empty database on which migrations run for comparison. It is disposed of afterwards. */
export interface Shadow extends AsyncDisposable {
  readonly url: string;
}

export type OpenShadow = () => Promise<Shadow>;

/** Returns the catalogs of an empty database after the first migration, after the second, and so on. */
export async function replayMigrations(
  migrations: readonly FileMigration[],
  openShadow: OpenShadow,
): Promise<Fact[][]> {
  await using shadow = await openShadow();
  await using session = await connectSession(shadow.url);
  const catalogs: Fact[][] = [];
  for (const migration of migrations) {
    await applyMigration(session, migration);
    catalogs.push(await readCatalog(session));
  }
  return catalogs;
}

/** Returns the catalog of an empty database after all migrations. */
export async function catalogAfter(migrations: readonly FileMigration[], openShadow: OpenShadow): Promise<Fact[]> {
  await using shadow = await openShadow();
  await using session = await connectSession(shadow.url);
  for (const migration of migrations) await applyMigration(session, migration);
  return await readCatalog(session);
}

/**
 * Keeps the facts about objects that any migration creates: their schemas, tables, views, types, functions and sequences, with all parts.
 * Objects of other applications and privileges on the database itself are left out. `created`: the facts that the migrations create.
 */
export function filterToMigratedObjects(created: readonly Fact[], facts: readonly Fact[]): Fact[] {
  const identities = new Set(
    created.filter(({ schema, kind }) => schema !== '' || kind === 'extension').map(identityOf),
  );
  const containers = new Set(created.flatMap(asContainer));
  return facts.filter(
    (fact) => identities.has(identityOf(fact)) || containersWithinSchema(fact).some((key) => containers.has(key)),
  );
}

/** Compares two catalogs, except the order of columns: a column that is added later is the last one. */
export function findDifferences(have: readonly Fact[], want: readonly Fact[]): Difference[] {
  return compareCatalogs(have, want).filter(({ attribute }) => attribute !== 'columnOrder');
}
