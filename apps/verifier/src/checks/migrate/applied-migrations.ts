/** Compares the migrations table of the database with the migration files. All checks of the group share one read. */
import type { Session } from '@todo/client';
import {
  type Migration,
  type MigrationState,
  type MigrationsTable,
  migrationStatus,
  readFolder,
  readMigrationsTable,
} from '@todo/migrator';

import { queryOnce } from '../../query-once.ts';
import type { Context } from '../../check.ts';

export interface AppliedMigrations {
  readonly table: MigrationsTable;
  readonly migrations: readonly Migration[];
  /** Empty if the migrations table cannot be read. */
  readonly states: readonly MigrationState[];
}

/** Reads the migration files, the migrations table and the state of each migration, once per run. */
export function appliedMigrations(context: Pick<Context, 'read' | 'database'>): Promise<AppliedMigrations> {
  const { migrations } = context.database;
  return queryOnce(context, readApplied, () => context.read((session) => readApplied(session, migrations)));
}

async function readApplied(session: Session, folder: string): Promise<AppliedMigrations> {
  const { migrations } = await readFolder(folder);
  const table = await readMigrationsTable(session);
  const states = table.fault === undefined ? await migrationStatus(session, folder) : [];
  return { table, migrations, states };
}
