/** Splits the cells of a row into a variant, which many rows share, and the row's values. */
import type { SQL } from 'drizzle-orm';
import { sql } from 'drizzle-orm';

import type { Cell, WrittenColumn } from './row-reader.ts';
import type { AnyRow } from './row-set.ts';

/** The variant of a row: for each column `=` (an expression), `$` (a value) or `-` (neither). Rows of one variant have the same statement. */
export function variantOf(cells: readonly Cell[]): string {
  let variant = '';
  for (const cell of cells) variant += isExpression(cell) ? '=' : cell === undefined ? '-' : '$';
  return variant;
}

/** The assigned columns by their keys. Each gets a placeholder or an expression. */
export function assignments(columns: readonly WrittenColumn[], cells: readonly Cell[]): Record<string, SQL> {
  const assigned: Record<string, SQL> = {};
  for (const [index, { key }] of columns.entries()) {
    const cell = cells[index];
    if (cell === undefined) continue;
    // Inside an `sql` expression Drizzle passes the value unchanged, and does not encode it a second time.
    assigned[key] = isExpression(cell) ? cell : sql`${sql.placeholder(key)}`;
  }
  return assigned;
}

/** Adds the values for the placeholders of `assignments`. */
export function addValues(values: AnyRow, columns: readonly WrittenColumn[], cells: readonly Cell[]): void {
  let index = 0;
  for (const { key } of columns) {
    const cell = cells[index++];
    if (cell !== undefined && !isExpression(cell)) values[key] = cell;
  }
}

export function isExpression(cell: Cell): cell is SQL {
  return typeof cell === 'object' && cell !== null;
}
