/** Reads a row from a caller: checks that the keys are writable columns, and adds the values that Drizzle fills in. */
import { getTableColumns, is, SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';

import type { Columns } from '../table-columns.ts';
import { noSuchColumnError, notWritableError } from './column-error.ts';
import type { AnyRow } from './row-set.ts';
import { type TextWriter, textWriter } from './value-text.ts';

/** The content of one column of one row: a text, null, an expression of Drizzle's `$defaultFn`, or undefined for no value. */
export type Cell = string | null | SQL | undefined;

export interface RowReader {
  /** The columns that a statement may write, in the order of the table. */
  readonly columns: readonly WrittenColumn[];
  /**
   * One cell for each of these columns.
   * @throws {ColumnError} for a key that is not writable, even if its value is undefined; {TypeError} when `row` is not an object.
   */
  readonly read: (row: object) => Cell[];
}

export interface WrittenColumn {
  readonly key: string;
  readonly column: PgColumn;
}

/** Returns the value of a column for which the caller gives none. */
type Fill = () => unknown;

/** Creates a reader of rows for an insert. */
export function newRowReader(table: PgTable, writable: Columns): RowReader {
  // Drizzle's own insert also takes `$onUpdate` for a column without a default.
  return rowReader(
    table,
    writable,
    (column) => column.defaultFn ?? (column.default === undefined ? column.onUpdateFn : undefined),
  );
}

/** Creates a reader of changes for an update. */
export function changeReader(table: PgTable, writable: Columns): RowReader {
  return rowReader(table, writable, (column) => column.onUpdateFn);
}

function rowReader(table: PgTable, writable: Columns, fillOf: (column: PgColumn) => Fill | undefined): RowReader {
  const all: Columns = getTableColumns(table);
  const columns = Object.entries(all)
    .map(([key, column]) => ({ key, column, fill: fillOf(column), write: textWriter(column) }))
    .filter(({ key, fill }) => Object.hasOwn(writable, key) || fill !== undefined);

  const read = (row: object): Cell[] => {
    requireWritable(table, writable, row);
    const cells: Cell[] = [];
    for (const { key, fill, write } of columns) {
      const value = Object.hasOwn(row, key) ? row[key] : undefined;
      cells.push(value === undefined ? fillCell(fill, write) : write(value));
    }
    return cells;
  };
  return { columns, read };
}

function requireWritable(table: PgTable, writable: Columns, row: unknown): asserts row is Readonly<AnyRow> {
  if (typeof row !== 'object' || row === null)
    throw new TypeError('A row or a patch must be an object: the keys of columns, and their values.');
  for (const key of Object.keys(row)) {
    if (Object.hasOwn(writable, key)) continue;
    const columns: Columns = getTableColumns(table);
    const column = Object.hasOwn(columns, key) ? columns[key] : undefined;
    throw column === undefined ? noSuchColumnError(table, key) : notWritableError(table, column);
  }
}

function fillCell(fill: Fill | undefined, write: TextWriter): Cell {
  const value = fill?.();
  return value === undefined || is(value, SQL) ? value : write(value);
}
