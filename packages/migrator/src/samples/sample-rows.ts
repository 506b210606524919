/** Declares rows of a table that are the same in each seeded database. */
import type { SQL } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

import type { RowReference } from './row-reference.ts';

/** A row to insert. Instead of a value, a column may have a reference to another row, or SQL. */
export type SampleRow<T extends PgTable> = {
  [K in keyof T['$inferInsert']]: T['$inferInsert'][K] | RowReference | SQL;
};

export interface SampleTable<T extends PgTable> {
  /** The columns that identify a row at the next run, such as those of a unique index. */
  readonly by: readonly (keyof T['$inferInsert'] & string)[];
  readonly rows: readonly SampleRow<T>[];
}

/** A `SampleTable` whose table is not known to the compiler. */
export interface SampleRows {
  readonly table: PgTable;
  readonly by: readonly string[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/**
 * Declares sample rows. A run inserts the missing rows, and restores the changed ones. A column that a row leaves out gets its default, or
 * `SAMPLE_TIME` if the default is the current time. Other rows of the table stay as they are.
 *
 * ```ts
 * sampleRows(user, { by: ['email'], rows: [{ email: 'ada@example.com', hashedPassword: '…' }] })
 * ```
 */
export function sampleRows<T extends PgTable>(table: T, { by, rows }: SampleTable<T>): SampleRows {
  return { table, by, rows };
}
