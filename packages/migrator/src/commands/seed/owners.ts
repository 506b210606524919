/** Decides which generated row refers to which other generated row. */
import type { AnyPgColumn, PgTable } from 'drizzle-orm/pg-core';

import type { GeneratedRows } from '../../samples/generated-rows.ts';
import type { Row } from './complete-row.ts';
import { referencedColumn } from './referenced-column.ts';

export interface OwnersOfRows {
  /** The columns of the table to which generated rows of other tables refer. */
  columnsOf(table: PgTable): readonly AnyPgColumn[];
  /** Remembers the values of these columns, for each row of the table in order. */
  remember(table: PgTable, values: readonly (readonly unknown[])[]): void;
  /** Generates rows, each with the key values of its owners. */
  generateWithOwners(rows: GeneratedRows, count: number): Iterable<Row>;
}

/** @param wanted the tables that are generated. The values of other tables are not remembered. */
export function createOwners(
  wanted: readonly { readonly rows: GeneratedRows; readonly count: number }[],
): OwnersOfRows {
  const remembered = new Map<AnyPgColumn, unknown[]>();
  for (const { rows, count } of wanted) {
    if (count === 0) continue;
    for (const [key, owner] of Object.entries(rows.owners))
      remembered.set(referencedColumn(rows.table, key, owner), []);
  }
  const columnsOf = (table: PgTable) => [...remembered.keys()].filter((column) => column.table === table);

  return {
    columnsOf,
    remember(table, values) {
      for (const [index, column] of columnsOf(table).entries()) {
        const columnValues = remembered.get(column);
        for (const row of values) columnValues?.push(row[index]);
      }
    },
    *generateWithOwners({ table, owners, generate }, count) {
      if (count === 0) return;
      const rowAt = generate(count);
      const valuesOf = (key: string, owner: PgTable) => remembered.get(referencedColumn(table, key, owner)) ?? [];
      const ownerKeys = Object.entries(owners).map(([key, owner]) => [key, valuesOf(key, owner)] as const);
      for (let i = 0; i < count; i++) yield { ...rowAt(i), ...ownerValues(i, count, ownerKeys) };
    },
  };
}

/**
 * The values with which row `i` refers to its owners. Rows of the same first owner follow each other, and each owner gets the same number
 * of rows, plus or minus one. A second owner is assigned in turn.
 */
function ownerValues(
  i: number,
  count: number,
  ownerKeys: readonly (readonly [column: string, values: readonly unknown[]])[],
): Row {
  return Object.fromEntries(
    ownerKeys.map(([column, values], ownerIndex) => [
      column,
      values[ownerIndex === 0 ? Math.floor((i * values.length) / count) : i % values.length],
    ]),
  );
}
