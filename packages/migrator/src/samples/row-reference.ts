/** A reference from a sample row to another row. */
import type { PgTable } from 'drizzle-orm/pg-core';

/** Stands for the value with which a column refers to a row of `table`. */
export class RowReference {
  readonly table: PgTable;
  /** The values that identify the row, by the names of the columns in the code. */
  readonly key: Readonly<Record<string, unknown>>;

  constructor(table: PgTable, key: Readonly<Record<string, unknown>>) {
    this.table = table;
    this.key = key;
  }
}

/** Values of some columns. A value may be a reference itself. */
export type RowKey<T extends PgTable> = {
  readonly [K in keyof T['$inferSelect']]?: T['$inferSelect'][K] | RowReference;
};

/**
 * Refers to the row of `table` with these values. `db:seed` writes the value of the column to which the foreign key refers; without a
 * foreign key, the primary key.
 *
 * ```ts
 * { title: 'Write the notes', userId: refTo(user, { email: 'ada@example.com' }) }
 * ```
 */
export function refTo<T extends PgTable>(table: T, key: RowKey<T>): RowReference {
  return new RowReference(table, key);
}
