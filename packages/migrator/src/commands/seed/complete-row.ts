/** Fills the columns that a sample row leaves out, if their values are known beforehand. */
import { type Column, getTableColumns, is, SQL } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

import { timeOfRow } from './time-of-row.ts';

/** The values of a row, by the names of the columns in the code. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * Returns the row with its literal defaults, with `SAMPLE_TIME` where a default would be the current time, and with null in nullable
 * columns. Values that only the database or a function provides, such as an id, are left out.
 */
export function completeRow(table: PgTable, row: Row): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(getTableColumns(table)).flatMap(([key, column]) => {
      const value = row[key] === undefined ? valueOf(column) : row[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** The column's value in each row without one. Undefined if the database or a function provides it. */
function valueOf(column: Column): unknown {
  if (column.generated !== undefined || column.generatedIdentity !== undefined) return undefined;
  if (!column.hasDefault) return column.notNull ? undefined : null;
  return timeOfRow(column) ?? (is(column.default, SQL) ? undefined : column.default);
}
