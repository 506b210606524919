/** What a client has to know of an application: its tables, and what its constraints mean. */
import type { ConstraintErrors } from './errors/constraint-errors.ts';

/** Drizzle tables and relations by the names that `db.query` has for them: a schema module as a whole. */
export type Schema = Record<string, unknown>;

export interface AppSchema<S extends Schema = Schema> {
  readonly schema: S;
  /** Default: none, so that a violation is an `unique-violation` or a `reference-missing`. */
  readonly constraintErrors?: ConstraintErrors;
}
