/** Inserts many rows into any table with one parameter: JSON, which PostgreSQL reads by the types of the columns. */
import { type Column, getTableColumns, sql } from 'drizzle-orm';
import type { AnyPgColumn, PgTable } from 'drizzle-orm/pg-core';

import { completeRow } from './complete-row.ts';
import type { SeedTransaction } from './seed-transaction.ts';

type Row = Readonly<Record<string, unknown>>;

/**
 * Inserts the rows.
 * @param rows must all have the same columns.
 * @returns the values of `returning`, in this order and in the order of the rows.
 */
export async function insertRows(
  tx: SeedTransaction,
  table: PgTable,
  rows: readonly Row[],
  returning: readonly AnyPgColumn[],
): Promise<unknown[][]> {
  const columns = getTableColumns(table);
  const complete = rows.map((row) => addDefaults(columns, completeRow(table, row)));
  const used = Object.entries(columns).filter(([key]) => complete[0]?.[key] !== undefined);
  const json = JSON.stringify(
    complete.map((row) =>
      Object.fromEntries(used.map(([key, column]) => [tx.columnName(column), toJson(column, row[key])])),
    ),
  );
  const names = sql.join(
    used.map(([, column]) => sql.identifier(tx.columnName(column))),
    sql`, `,
  );
  const kept = sql.join(
    returning.map((column) => sql.identifier(tx.columnName(column))),
    sql`, `,
  );
  const inserted = await tx.execute(
    sql`insert into ${table} (${names}) select ${names} from json_populate_recordset(null::${table}, ${json}::json)${
      returning.length === 0 ? sql`` : sql` returning ${kept}`
    }`,
  );
  return inserted.rows.map((row) => returning.map((column) => row[tx.columnName(column)]));
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
  const sent: unknown = column.mapToDriverValue(value);
  if (Buffer.isBuffer(sent)) return `\\x${sent.toString('hex')}`;
  return typeof sent === 'bigint' || typeof sent === 'number' ? String(sent) : sent;
}
