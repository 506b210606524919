/** Runs the migrations from every version that a database may have, with rows in its tables. */
import { describeDifference, type Fact, readCatalog } from '../catalog/index.ts';
import { connectSession } from '@todo/client/session';
import { applyMigration } from './apply-migration.ts';
import { type EmptyTable, fillTables } from '../rows/fill-tables.ts';
import type { FileMigration } from './folder.ts';
import { MigrationError } from './migration-error.ts';
import { findDifferences, type OpenShadow } from './replay.ts';

export interface Rehearsal {
  /** The faults, one text each. */
  readonly faults: string[];
  /** All tables of the earlier versions. */
  readonly tables: string[];
  /** The tables that stayed empty in a version, because no row could be inserted. */
  readonly empty: EmptyTable[];
}

/**
 * Migrates once from an empty database and once from each earlier version with rows in every table, each time to the newest version.
 * @param openDatabase opens another empty database with each call.
 */
export async function rehearseMigrations(
  migrations: readonly FileMigration[],
  openDatabase: OpenShadow,
): Promise<Rehearsal> {
  const faults: string[] = [];
  const tables = new Set<string>();
  const empty = new Map<string, EmptyTable>();
  // The catalog that the migrations create from an empty database, the first version.
  let wanted: Fact[] | undefined;
  for (let version = 0; version < Math.max(migrations.length, 1); version += 1) {
    await using database = await openDatabase();
    await using session = await connectSession(database.url);
    const lastApplied = migrations[version - 1]?.name;
    const from = lastApplied === undefined ? 'From an empty database' : `From ${lastApplied}, with rows in the tables`;
    try {
      for (const migration of migrations.slice(0, version)) await applyMigration(session, migration);
      if (version > 0) {
        const rows = await fillTables(session);
        for (const table of rows.empty) empty.set(table.table, table);
        for (const table of [...rows.filled, ...empty.keys()]) tables.add(table);
      }
      for (const migration of migrations.slice(version)) await applyMigration(session, migration);
    } catch (error) {
      if (!(error instanceof MigrationError)) throw error;
      faults.push(`${from}: ${error.message}`);
      // If the migrations fail on an empty database, they fail on every other as well.
      if (version === 0) break;
      continue;
    }
    const created = await readCatalog(session);
    wanted ??= created;
    faults.push(...findDifferences(created, wanted).map((difference) => `${from}: ${describeDifference(difference)}`));
  }
  return { faults, tables: [...tables], empty: [...empty.values()] };
}
