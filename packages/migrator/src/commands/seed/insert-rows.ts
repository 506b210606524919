/** Inserts many rows with one parameter: JSON, whose values PostgreSQL converts to the types of the columns. */
import { type Column, getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { AnyPgColumn, PgTable } from 'drizzle-orm/pg-core';

import { completeRow, type Row } from './complete-row.ts';
import type { SeedTransaction } from './seed-transaction.ts';

/**
 * Inserts the rows. All must have the same columns.
 * @returns for each row, in the given order, its values of the columns `returning`, in the given order.
 */
export async function insertRows(
  tx: SeedTransaction,
  table: PgTable,
  rows: readonly Row[],
  returning: readonly AnyPgColumn[],
): Promise<unknown[][]> {
  const columns = getTableColumns(table);
  const completeRows = rows.map((row) => addDefaults(columns, completeRow(table, row)));
  const usedColumns = Object.entries(columns).filter(([key]) => completeRows[0]?.[key] !== undefined);
  const toJsonRow = (row: Row) =>
    Object.fromEntries(usedColumns.map(([key, column]) => [column.name, toJson(column, row[key])]));
  const json = JSON.stringify(completeRows.map(toJsonRow));
  const names = joinNames(usedColumns.map(([, column]) => column));
  const returningClause = returning.length === 0 ? sql`` : sql` returning ${joinNames(returning)}`;
  const inserted = await tx.execute(
    sql`insert into ${table} (${names}) select ${names} from json_populate_recordset(null::${table}, ${json}::json)${returningClause}`,
  );
  return inserted.rows.map((row) => returning.map((column) => row[column.name]));
}

function joinNames(columns: readonly Column[]): SQL {
  const names = columns.map(({ name }) => sql.identifier(name));
  return sql.join(names, sql`, `);
}

/** Adds the values of `$defaultFn` functions. */
function addDefaults(columns: Readonly<Record<string, Column>>, row: Row): Row {
  return Object.fromEntries(
    Object.entries(columns).map(([key, { defaultFn }]) => [key, row[key] === undefined ? defaultFn?.() : row[key]]),
  );
}

/** The value as JSON. PostgreSQL reads a JSON string like a literal of the column's type. */
function toJson(column: Column, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (column.dataType === 'json') return value;
  const driverValue: unknown = column.mapToDriverValue(value);
  if (Buffer.isBuffer(driverValue)) return `\\x${driverValue.toString('hex')}`;
  // JSON has no bigint, NaN or Infinity.
  return typeof driverValue === 'bigint' || typeof driverValue === 'number' ? String(driverValue) : driverValue;
}
