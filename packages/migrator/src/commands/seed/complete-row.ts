/** The columns that a sample row leaves out, as far as their values can be told beforehand. */
import { type Column, getTableColumns, is, SQL } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

import { SAMPLE_TIME } from '../../samples/sample-time.ts';

/**
 * The row with its literal defaults, with `SAMPLE_TIME` where a default would be the time of the run, and with null where a
 * column takes it. What only the database or a function can tell, an id say, stays out.
 */
export function completeRow(table: PgTable, row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(getTableColumns(table)).flatMap(([key, column]) => {
      const value = row[key] === undefined ? valueOf(column) : row[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** What stands for the time of the run in the columns that have one by default, as text, by their names in the database. */
export function sampleTimes(table: PgTable, columnName: (column: Column) => string): Record<string, string> {
  return Object.fromEntries(
    Object.values(getTableColumns(table)).flatMap((column) => {
      const time = column.hasDefault ? timeFor(column) : undefined;
      return time === undefined ? [] : [[columnName(column), time instanceof Date ? time.toISOString() : time]];
    }),
  );
}

function valueOf(column: Column): unknown {
  if (column.generated !== undefined || column.generatedIdentity !== undefined) return undefined;
  if (!column.hasDefault) return column.notNull ? undefined : null;
  return timeFor(column) ?? (is(column.default, SQL) ? undefined : column.default);
}

function timeFor({ columnType, default: literal }: Column): Date | string | undefined {
  // A literal point in time is the same each time.
  if (literal !== undefined && !is(literal, SQL)) return undefined;
  switch (columnType) {
    case 'PgTimestamp':
    case 'PgDate':
      return SAMPLE_TIME;
    case 'PgTimestampString':
    case 'PgDateString':
      return SAMPLE_TIME.toISOString();
    case 'PgTime':
      return SAMPLE_TIME.toISOString().slice('2026-01-05T'.length, -1);
    default:
      return undefined;
  }
}
