/** Compares the live catalog with that of a freshly migrated database. */
import { connectSession, type Session } from '@todo/client';
import { compareCatalogs, type Difference, type Fact, readCatalog } from '@todo/migrator/catalog';

export interface CatalogComparison {
  readonly have: readonly Fact[];
  readonly want: readonly Fact[];
  readonly differences: readonly Difference[];
}

/** Whether two differences or catalog entries are about the same object. */
export function isSameObject(one: Named, { kind, schema, table, name }: Named): boolean {
  return one.kind === kind && one.schema === schema && one.table === table && one.name === name;
}

type Named = Pick<Fact, 'kind' | 'schema' | 'table' | 'name'>;

/** Runs `work` with a read-only session. */
export type RunReadOnly = <T>(work: (session: Session) => Promise<T>) => Promise<T>;

/** Compares the live catalog with that of a freshly migrated database, whose URL `openShadow` returns. */
export async function compareSchema(read: RunReadOnly, openShadow: () => Promise<string>): Promise<CatalogComparison> {
  const [have, want] = await Promise.all([read(readCatalog), openShadow().then(readCatalogAt)]);
  return { have, want, differences: differencesBetween(have, want) };
}

/** The differences of two catalogs. Leaves out a sequence that is missing or extra together with its table. */
export function differencesBetween(have: readonly Fact[], want: readonly Fact[]): Difference[] {
  const differences = compareCatalogs(have, want);
  const changesWithTable = ({ schema, table, change }: Difference) =>
    differences.some(
      (other) => other.kind === 'table' && other.schema === schema && other.name === table && other.change === change,
    );
  return differences.filter(
    (difference) =>
      difference.kind !== 'sequence' ||
      (difference.change !== 'missing' && difference.change !== 'extra') ||
      !changesWithTable(difference),
  );
}

/** Reads the catalog of the database at a URL. */
export async function readCatalogAt(url: string): Promise<Fact[]> {
  await using session = await connectSession(url);
  return await readCatalog(session);
}
