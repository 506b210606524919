/** A row's cells as a statement takes them: its shape, which many rows share, and the values for it. */
import type { SQL } from 'drizzle-orm';
import { sql } from 'drizzle-orm';

import type { Cell, WrittenColumn } from './row-reader.ts';
import type { AnyRow } from './row-set.ts';

/** Equal for rows that are written by the same statement: those with values for the same columns. */
export function variantOf(cells: readonly Cell[]): string {
  let variant = '';
  for (const cell of cells) variant += isExpression(cell) ? '=' : cell === undefined ? '-' : '$';
  return variant;
}

/** By their keys, the columns that get something: a placeholder, or an expression. */
export function assignments(columns: readonly WrittenColumn[], cells: readonly Cell[]): Record<string, SQL> {
  const assigned: Record<string, SQL> = {};
  for (const [index, { key }] of columns.entries()) {
    const cell = cells[index];
    if (cell === undefined) continue;
    // In a statement's own brackets Drizzle takes the value as it is, and does not encode it a second time.
    assigned[key] = isExpression(cell) ? cell : sql`${sql.placeholder(key)}`;
  }
  return assigned;
}

/** Adds the values for these placeholders. */
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
