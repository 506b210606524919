/** Whether the migrations lead to the schema, by a comparison of snapshots. drizzle-kit must be installed. */
export { migrationsMatchSchema } from './commands/generate.ts';
