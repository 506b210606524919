/** A row as Drizzle reads and writes it. */
import { type Column, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

import type { LiveTable } from '../../live-tables.ts';
import type { Transaction } from './run-and-roll-back.ts';

/** By the keys of the Drizzle table. */
export type DrizzleRow = Readonly<Record<string, unknown>>;

/** Reads the first row that meets the SQL condition `where`; undefined if there is none. */
export async function readRow(
  db: Pick<Transaction, 'select'>,
  table: PgTable,
  where: string,
): Promise<DrizzleRow | undefined> {
  const [row] = await db.select().from(table).where(sql.raw(where)).limit(1);
  return row;
}

/** The row without generated columns, which PostgreSQL computes. */
export function writableValues({ columns }: Pick<LiveTable, 'columns'>, row: DrizzleRow): DrizzleRow {
  const keys = Object.entries(columns).filter(([, column]) => column.generated === undefined);
  return Object.fromEntries(keys.map(([key]) => [key, row[key]]));
}

/** Whether a column exists in the database, has a text type in the code, and only its length limits its values. */
export function isUnconstrainedText({ shape, foreignKeys }: LiveTable, column: Column): boolean {
  const { name, generated } = column;
  const isText =
    column.dataType === 'string' && /^(text|varchar)\b/.test(column.getSQLType()) && column.enumValues === undefined;
  // A generated column whose expression contains the name may refuse a value too.
  const hasOtherConstraint =
    foreignKeys.some(({ columns }) => columns.includes(name)) ||
    shape.checks.some(({ columns }) => columns.includes(name)) ||
    shape.domainChecks.some(({ columns }) => columns.includes(name)) ||
    shape.columns.some(({ generation = '' }) => generation.includes(name));
  return isText && generated === undefined && !hasOtherConstraint && shape.columns.some((live) => live.name === name);
}
