/** Returns values for a row that only the Drizzle schema defines, not the catalog of the database. */
import { type Column, getTableColumns, is } from 'drizzle-orm';
import { PgArray, PgEnumColumn, type PgTable } from 'drizzle-orm/pg-core';

import { arrayText } from '../../rows/sample-value.ts';
import { timeOfRow } from './time-of-row.ts';

/**
 * Values as PostgreSQL's text, by the names of the columns in the database: a time for each column whose default would be the current time,
 * and a label for each text column with an `enum`, another one for each row number.
 */
export function valuesFromCode(table: PgTable, rowNumber: number): Record<string, string> {
  return Object.fromEntries(
    Object.values(getTableColumns(table)).flatMap((column) => {
      const value = labelOf(column, rowNumber) ?? timeText(column);
      return value === undefined || column.generated !== undefined ? [] : [[column.name, value]];
    }),
  );
}

function timeText(column: Column): string | undefined {
  const time = column.hasDefault ? timeOfRow(column) : undefined;
  return time instanceof Date ? time.toISOString() : time;
}

/** A label of a text column with an `enum`; for an array column, an array of one label. The catalog contains the labels of other enums. */
function labelOf(column: Column, rowNumber: number): string | undefined {
  let element = column;
  let dimensions = 0;
  for (; is(element, PgArray); dimensions += 1) element = element.baseColumn;
  const labels = is(element, PgEnumColumn) ? [] : (element.enumValues ?? []);
  const label = labels[rowNumber % labels.length];
  return label === undefined || dimensions === 0 ? label : arrayText([label], dimensions);
}
