/** The value of a column in a new row. */

/** Stands for the column's default: the insert leaves the column out. */
export const DEFAULT: unique symbol = Symbol('default');

/** PostgreSQL's text, null, or the column's default. */
export type Value = string | null | typeof DEFAULT;
