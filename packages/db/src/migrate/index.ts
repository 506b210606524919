/** Brings a database to the schema that the migration files describe, and says how far it is. */
export { findChainFaults } from './chain.ts';
export { type DriftOptions, schemaDrift } from './drift.ts';
export { MIGRATIONS_FOLDER, type Migration, readFolder } from './folder.ts';
export type { MigrateEvent } from './migrate-event.ts';
export { migrate } from './migrate.ts';
export type { MigrateOptions, MigrateResult } from './migrate.ts';
export { MigrationError } from './migration-error.ts';
export { migrationStatus, type MigrationState } from './migration-status.ts';
export { type MigrationPlan, type PlanOptions, planMigrations } from './plan.ts';
export type { Shadow } from './replay.ts';
