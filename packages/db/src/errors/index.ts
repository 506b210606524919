/** What went wrong with a database, in terms that a caller can act on. */
export { DatabaseError, type DatabaseErrorFields, type DatabaseErrorKind } from './database-error.ts';
export { toDatabaseError } from './to-database-error.ts';
