/** The error that callers of the database get. */

/**
 * Error kinds, one for each reaction of a caller:
 *
 * - `unique-violation`: another row has the same values; `columns` and `constraint` say which.
 * - `reference-missing`: the row that a foreign key refers to does not exist (or no longer exists).
 * - `not-found`: the row does not exist, or belongs to another owner.
 * - `serialization-failure`: PostgreSQL rolled back a transaction that conflicted with another one. `db.transaction()` retries it.
 * - `connection`: the database could not be reached, or the connection was lost before anything was applied.
 * - `timeout`: the query took too long, and nothing was applied.
 * - `unknown-outcome`: the connection was lost, or time ran out, during a write. The write may have been applied: check before you send it
 *   again.
 * - `refused`: PostgreSQL refused for another reason; `code` has the SQLSTATE.
 */
export type GeneralErrorKind =
  | 'unique-violation'
  | 'reference-missing'
  | 'not-found'
  | 'serialization-failure'
  | 'connection'
  | 'timeout'
  | 'unknown-outcome'
  | 'refused';

export interface DatabaseErrorFields {
  readonly code?: string | undefined;
  readonly constraint?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly columns?: readonly string[] | undefined;
  readonly position?: number | undefined;
  readonly retryable?: boolean;
}

/**
 * Every query, batch and transaction of this package rejects with this error. The error names tables, columns and constraints. It contains
 * no values: no parameters and no rows, not even in a `cause`, because a logger prints the cause too.
 *
 * `AppKind` lists the kinds that an application's `ConstraintErrors` add.
 *
 * @example
 * switch (error.kind) {
 *   case 'unique-violation': return { [error.columns[0]]: 'Already taken.' };
 *   …
 *   default: error.kind satisfies never;
 * }
 */
export class DatabaseError<AppKind extends string = string> extends Error {
  override readonly name = 'DatabaseError';
  readonly kind: GeneralErrorKind | AppKind;
  /** PostgreSQL's SQLSTATE, for example `23505`; for a network failure the system's code, for example `ECONNREFUSED`. */
  readonly code: string | undefined;
  readonly constraint: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  /** The columns of a violated unique index or foreign key, as PostgreSQL names them (names or expressions). Otherwise empty. */
  readonly columns: readonly string[];
  /** The position of the error in the statement, in characters, counted from 1. */
  readonly position: number | undefined;
  /** Whether nothing was applied and the same call may succeed later. Default false. */
  readonly retryable: boolean;

  constructor(kind: GeneralErrorKind | AppKind, message: string, fields: DatabaseErrorFields = {}) {
    super(message);
    this.kind = kind;
    this.code = fields.code;
    this.constraint = fields.constraint;
    this.table = fields.table;
    this.column = fields.column;
    this.columns = fields.columns ?? [];
    this.position = fields.position;
    this.retryable = fields.retryable ?? false;
  }
}

/** The class with an application's own kinds, so that `instanceof` narrows to these kinds. */
export interface DatabaseErrorClass<AppKind extends string> {
  new (...constructorArguments: ConstructorParameters<typeof DatabaseError<AppKind>>): DatabaseError<AppKind>;
}
