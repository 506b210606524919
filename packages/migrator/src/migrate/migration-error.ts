/** The error of a run of migrations. */

export type MigrationErrorCode =
  /** The connection string goes through a pooler. */
  | 'POOLED_HOST'
  /** The migrations folder, its journal or one of its files cannot be read. */
  | 'FOLDER_INVALID'
  /** The next five: the files and the database do not agree. No statement was run. */
  | 'HISTORY_EDITED'
  | 'HISTORY_MISSING'
  | 'HISTORY_UNKNOWN'
  | 'HISTORY_UNRECORDED'
  | 'HISTORY_OUT_OF_ORDER'
  /** A migration or another program changed rows of the migrations table during the run. */
  | 'HISTORY_CHANGED'
  /** `drizzle.__drizzle_migrations` is not a table, has other columns, or this role may not read it. */
  | 'MIGRATIONS_TABLE_UNREADABLE'
  /** Another run held the lock for too long. */
  | 'LOCK_TIMEOUT'
  /** The tables exist, their migrations are not recorded, and no shadow was given for a comparison. */
  | 'NEEDS_SHADOW'
  /** The tables exist, and differ from the schema of the migrations. */
  | 'BASELINE_DIFFERS'
  /** PostgreSQL refused a statement. Its file was rolled back, or is half applied if it runs outside a transaction. */
  | 'STATEMENT_FAILED'
  /** A file contains a COMMIT or a ROLLBACK. */
  | 'TRANSACTION_ENDED'
  /** The connection was lost while a file ran. */
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
