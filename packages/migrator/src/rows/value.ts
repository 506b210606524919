/** The value of a column in a new row. */

/** The column is left out of the insert. */
export const DEFAULT: unique symbol = Symbol('default');

/** PostgreSQL's text, null, or the column's default. */
export type Value = string | null | typeof DEFAULT;
