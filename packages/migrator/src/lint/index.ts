/**
 * Finds statements of migrations that are not safe on a database in use. A door of its own, because it needs PostgreSQL's
 * parser, `libpg-query`, which applying migrations does not: it is an optional peer of this package.
 */
export { lintMigrations } from './lint-migrations.ts';
