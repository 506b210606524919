/** Applies migrations to a database, and reports the state of its migrations. */
export type { TableValidators } from '@todo/client/validators';
export type { DatabaseDefinition } from './database-definition.ts';
export { loadFailure } from './load-failure.ts';
export { findJournalFaults } from './migrate/journal-faults.ts';
export { type DriftOptions, schemaDrift } from './migrate/drift.ts';
export { type Migration, readFolder } from './migrate/folder.ts';
export type { MigrateEvent } from './migrate/migrate-event.ts';
export { migrate, type MigrateOptions, type MigrateResult } from './migrate/migrate.ts';
export { MigrationError } from './migrate/migration-error.ts';
export { migrationStatus, type MigrationState } from './migrate/migration-status.ts';
export { migrationsTableProblems, type MigrationsTableProblem } from './migrate/migrations-table-problems.ts';
export { type MigrationsTable, readMigrationsTable } from './migrate/migrations-table.ts';
export { type MigrationPlan, type PlanOptions, planMigrations } from './migrate/plan.ts';
export type { Shadow } from './migrate/replay.ts';
export type { Samples } from './samples/index.ts';
