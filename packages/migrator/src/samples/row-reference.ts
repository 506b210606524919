/** A reference from a sample row to another row. */
import type { PgTable } from 'drizzle-orm/pg-core';

/** Is replaced by the value that refers to a row of `table`. */
export class RowReference {
  readonly table: PgTable;
  /** Values by the names of the columns in the code. */
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

/** Refers to the row of `table` with these values. The foreign key of the column that has the reference decides which value of that row is used;
 * without a foreign key, the primary key is used.
 *
 * ```ts
 * { title: 'Write the notes', userId: refTo(user, { email: 'ada@example.com' }) }
 * ```
 */
export function refTo<T extends PgTable>(table: T, key: RowKey<T>): RowReference {
  return new RowReference(table, key);
}
