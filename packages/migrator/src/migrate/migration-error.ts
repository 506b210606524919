/** The error of a run of migrations. */

/**
 * - `POOLED_HOST`: the connection string goes through a pooler.
 * - `FOLDER_INVALID`: the migrations folder, its journal or one of its files cannot be read.
 * - `HISTORY_EDITED`, `HISTORY_MISSING`, `HISTORY_UNKNOWN`, `HISTORY_UNRECORDED`, `HISTORY_OUT_OF_ORDER`: the files and the database do not
 *   agree; no statement was run.
 * - `HISTORY_CHANGED`: another program wrote to the migrations table during the run.
 * - `MIGRATIONS_TABLE_UNREADABLE`: `drizzle.__drizzle_migrations` has other columns, or this role may not read it.
 * - `LOCK_TIMEOUT`: another run held the lock for too long.
 * - `NEEDS_SHADOW`: the tables exist, their migrations are not recorded, and no shadow was given for a comparison.
 * - `BASELINE_DIFFERS`: the tables exist, and differ from the schema of the migrations.
 * - `STATEMENT_FAILED`: PostgreSQL refused a statement; its file was rolled back, or left half applied when it runs outside a transaction.
 *   The files before it are applied.
 * - `TRANSACTION_ENDED`: a file contains a COMMIT or a ROLLBACK.
 * - `CONNECTION_LOST`: the connection was lost while a file ran.
 */
export type MigrationErrorCode =
  | 'POOLED_HOST'
  | 'FOLDER_INVALID'
  | 'HISTORY_EDITED'
  | 'HISTORY_MISSING'
  | 'HISTORY_UNKNOWN'
  | 'HISTORY_UNRECORDED'
  | 'HISTORY_OUT_OF_ORDER'
  | 'HISTORY_CHANGED'
  | 'MIGRATIONS_TABLE_UNREADABLE'
  | 'LOCK_TIMEOUT'
  | 'NEEDS_SHADOW'
  | 'BASELINE_DIFFERS'
  | 'STATEMENT_FAILED'
  | 'TRANSACTION_ENDED'
  | 'CONNECTION_LOST';

/** The message names the attempt, the result and the remedy. The `cause` is the database's own error. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
  readonly code: MigrationErrorCode;

  constructor(code: MigrationErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
