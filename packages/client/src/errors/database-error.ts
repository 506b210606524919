/** What a caller of the database can be told when something went wrong. */

/**
 * What went wrong, by what a caller does about it:
 *
 * - `unique-violation`: another row has the same values; `columns` and `constraint` say which.
 * - `reference-missing`: the row that a foreign key refers to does not exist (any more).
 * - `not-found`: there is no such row, or it belongs to another owner.
 * - `serialization-failure`: PostgreSQL undid a transaction that got in another's way. `transaction()` runs it again by itself.
 * - `connection`: the database could not be reached, or was lost before anything could be applied.
 * - `timeout`: it took too long, and nothing was applied.
 * - `unknown-outcome`: the connection was lost, or time ran out, while a write was under way. It may have been applied: look
 *   before you send it again.
 * - `refused`: PostgreSQL refused for any other reason; `code` says which.
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
 * What every query, batch and transaction of this package is rejected with. It names tables, columns and constraints, and holds no
 * value: neither parameters nor rows, not even in a `cause`, for whoever logs an error logs that as well.
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
  /** PostgreSQL's SQLSTATE, `23505` say; for a network's failure the system's code, `ECONNREFUSED` say. */
  readonly code: string | undefined;
  readonly constraint: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  /** Of a violated unique index or foreign key, as PostgreSQL names them: names or expressions. Otherwise empty. */
  readonly columns: readonly string[];
  /** Where in the statement PostgreSQL found the error, in characters from 1. */
  readonly position: number | undefined;
  /** Whether nothing was applied and the same call may well succeed when it is made again. Default false. */
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

/** The class with an application's own kinds: `instanceof` then narrows to them. */
export interface DatabaseErrorClass<AppKind extends string> {
  new (...how: ConstructorParameters<typeof DatabaseError<AppKind>>): DatabaseError<AppKind>;
}
