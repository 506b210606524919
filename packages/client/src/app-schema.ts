/** The parts of an application that a client needs: its tables, their naming, and its error for each constraint. */
import type { ConstraintErrors } from './errors/constraint-errors.ts';

/** Drizzle tables and relations, keyed as in `db.query`. A whole schema module fits. */
export type Schema = Record<string, unknown>;

declare const IS_APPLIED: unique symbol;

/** A naming of columns that `nameColumns` has applied. A plain text is a compile error: no column would have that name. */
export type Casing = ('snake_case' | 'camelCase') & { readonly [IS_APPLIED]: true };

export interface AppSchema<S extends Schema = Schema> {
  readonly schema: S;
  /** The result of `nameColumns`. Must equal `casing` in `drizzle.config.ts`. Default: a column without a name has the name of its key. */
  readonly casing?: Casing;
  /** Default: none. A violation is then a `unique-violation` or a `reference-missing`. */
  readonly constraintErrors?: ConstraintErrors;
}
