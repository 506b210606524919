/** Finds the column of a parent table to which a column refers. */
import { getTableColumns } from 'drizzle-orm';
import { type AnyPgColumn, getTableConfig, type PgTable } from 'drizzle-orm/pg-core';

import { nameOf } from './tables.ts';

/** The column to which the foreign key of `key` refers; without a foreign key, the primary key of `parent`. */
export function referencedColumn(table: PgTable, key: string, parent: PgTable): AnyPgColumn {
  const column = getTableColumns(table)[key];
  for (const { reference } of getTableConfig(table).foreignKeys) {
    const { columns, foreignTable, foreignColumns } = reference();
    const target = foreignColumns[columns.findIndex((keyColumn) => keyColumn === column)];
    if (target !== undefined && foreignTable === parent) return target;
  }
  const [primaryKey, ...others] = getTableConfig(parent).columns.filter(({ primary }) => primary);
  if (primaryKey !== undefined && others.length === 0) return primaryKey;
  throw new Error(
    `${nameOf(table)}.${key} has no foreign key to ${nameOf(parent)}, and ${nameOf(parent)} has no primary key of one column: add one of them.`,
  );
}
