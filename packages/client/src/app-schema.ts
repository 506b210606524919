/** The parts of an application that a client needs: its tables, their naming, and its error for each constraint. */
import type { ConstraintErrors } from './errors/constraint-errors.ts';

/** Drizzle tables and relations, keyed as in `db.query`. A whole schema module fits. */
export type Schema = Record<string, unknown>;

export interface AppSchema<S extends Schema = Schema> {
  readonly schema: S;
  /** The naming of columns without an explicit name. Must equal `casing` in `drizzle.config.ts`. Default: the name in the code. */
  readonly casing?: 'snake_case' | 'camelCase';
  /** Default: none. A violation is then a `unique-violation` or a `reference-missing`. */
  readonly constraintErrors?: ConstraintErrors;
}
