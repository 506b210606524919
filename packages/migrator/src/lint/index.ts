/**
 * Finds statements of migrations that are not safe on a database in use. It is a separate entry point, because it needs PostgreSQL's
 * parser, `libpg-query`, an optional peer dependency that applying migrations does not need.
 */
export { lintMigrations } from './lint-migrations.ts';
