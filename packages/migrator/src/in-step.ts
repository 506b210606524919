/** Whether the migrations lead to the schema, by drizzle-kit's picture of both: it must be installed. */
export { isInStep } from './commands/generate.ts';
