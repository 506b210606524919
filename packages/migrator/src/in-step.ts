/** Whether the migrations match the schema (compares snapshots). drizzle-kit must be installed. */
export { migrationsMatchSchema } from './commands/generate.ts';
