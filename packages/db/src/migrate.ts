/** Applies this package's migrations to a database, and reports their state. */
import type { Session } from '@todo/client/session';
import {
  migrate as migrateFolder,
  type MigrateOptions,
  type MigrateResult,
  type MigrationPlan,
  type MigrationState,
  migrationStatus as statusOfFolder,
  type PlanOptions,
  planMigrations as planFolder,
} from '@todo/migrator';

import { MIGRATIONS_FOLDER } from './migrations.ts';

export {
  type MigrateEvent,
  type MigrateOptions,
  type MigrateResult,
  MigrationError,
  type MigrationPlan,
  type MigrationState,
  type PlanOptions,
  type Shadow,
} from '@todo/migrator';

/**
 * Applies the pending migrations, one transaction for each file, under a lock that keeps other runs out.
 * @param url of the database itself, not of a pooler: a pooler loses locks and settings between statements. Any PostgreSQL URL that psql
 * accepts.
 * @throws {DatabaseUrlError} when the connection string is missing or wrong.
 * @throws {MigrationError} whose `code` is the reason why the run stopped; the driver's error when no server can be reached.
 *
 * ```ts
 * const { applied } = await migrate(process.env.DATABASE_URL_UNPOOLED);
 * ```
 */
export function migrate(url: string | undefined, options?: MigrateOptions): Promise<MigrateResult> {
  return migrateFolder(url, MIGRATIONS_FOLDER, options);
}

/** Returns what `migrate` would do now. Takes no lock and writes nothing. Throws when `migrate` would stop before its first statement. */
export function planMigrations(url: string | undefined, options?: PlanOptions): Promise<MigrationPlan> {
  return planFolder(url, MIGRATIONS_FOLDER, options);
}

/** Lists the migrations in the journal's order, each with its state in the session's database. Writes nothing. */
export function migrationStatus(session: Session): Promise<MigrationState[]> {
  return statusOfFolder(session, MIGRATIONS_FOLDER);
}
