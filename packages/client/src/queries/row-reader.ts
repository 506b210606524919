/** A row as a caller gives it: checked against the columns that callers write, and completed by what Drizzle fills in. */
import { getTableColumns, is, SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';

import type { Columns } from '../table-columns.ts';
import { noSuchColumn, notWritable } from './column-error.ts';
import type { AnyRow } from './row-set.ts';
import { type TextWriter, textWriter } from './value-text.ts';

/** What goes into one column of one row: a text, null, an expression of Drizzle's `$defaultFn`, or (undefined) nothing. */
export type Cell = string | null | SQL | undefined;

export interface RowReader {
  /** Those that a statement may write, in the order of the table. */
  readonly columns: readonly WrittenColumn[];
  /**
   * One cell for each of them.
   * @throws {ColumnError} for a key that is not among the writable ones, whatever its value; {TypeError} for what is no object.
   */
  readonly read: (row: object) => Cell[];
}

export interface WrittenColumn {
  readonly key: string;
  readonly column: PgColumn;
}

/** What a column gets when a caller gives it nothing. */
type Fill = () => unknown;

/** For rows to be added. */
export function newRowReader(table: PgTable, writable: Columns): RowReader {
  // As Drizzle's own insert does.
  return rowReader(
    table,
    writable,
    (column) => column.defaultFn ?? (column.default === undefined ? column.onUpdateFn : undefined),
  );
}

/** For changes of rows. */
export function changeReader(table: PgTable, writable: Columns): RowReader {
  return rowReader(table, writable, (column) => column.onUpdateFn);
}

function rowReader(table: PgTable, writable: Columns, fillOf: (column: PgColumn) => Fill | undefined): RowReader {
  const all: Columns = getTableColumns(table);
  const columns = Object.entries(all)
    .map(([key, column]) => ({ key, column, fill: fillOf(column), write: textWriter(column) }))
    .filter(({ key, fill }) => Object.hasOwn(writable, key) || fill !== undefined);

  const read = (row: object): Cell[] => {
    const given: unknown = row;
    requireWritable(table, writable, given);
    const cells: Cell[] = [];
    for (const { key, fill, write } of columns) {
      const value = Object.hasOwn(given, key) ? given[key] : undefined;
      cells.push(value === undefined ? filled(fill, write) : write(value));
    }
    return cells;
  };
  return { columns, read };
}

function requireWritable(table: PgTable, writable: Columns, row: unknown): asserts row is Readonly<AnyRow> {
  if (typeof row !== 'object' || row === null)
    throw new TypeError('A row is an object: the keys of columns, and their values.');
  for (const key of Object.keys(row)) {
    if (Object.hasOwn(writable, key)) continue;
    const columns: Columns = getTableColumns(table);
    const column = Object.hasOwn(columns, key) ? columns[key] : undefined;
    throw column === undefined ? noSuchColumn(table, key) : notWritable(table, column);
  }
}

function filled(fill: Fill | undefined, write: TextWriter): Cell {
  const value = fill?.();
  return value === undefined || is(value, SQL) ? value : write(value);
}
