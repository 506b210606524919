/**
 * The columns of a table that callers write, and the columns that the server fills.
 *
 * The server fills a column when the column
 * - is generated from other columns or is an identity `always`;
 * - is part of the primary key and has a default: `serial`, an identity, `.default(…)` or `.$defaultFn(…)`;
 * - has `.$onUpdate(…)`, for example the time of the last change;
 * - is a timestamp, not null, with the default `now()`: the time of creation.
 *
 * Callers write all other columns, with or without a default.
 */
import { getTableColumns, is, SQL } from 'drizzle-orm';
import {
  getTableConfig,
  type PgColumn,
  PgDialect,
  type PgTable,
  PgTimestamp,
  PgTimestampString,
} from 'drizzle-orm/pg-core';

/** Columns by their keys in Drizzle. */
export type Columns = Readonly<Record<string, PgColumn>>;

/** The columns that callers write, in the order of the table. */
export function writableColumns(table: PgTable): Columns {
  const keyNames = new Set(primaryKeyOf(table).map(({ name }) => name));
  const columns = Object.entries<PgColumn>(getTableColumns(table));
  return Object.fromEntries(columns.filter(([, column]) => !isFilledByServer(column, keyNames.has(column.name))));
}

/** The columns of the primary key; empty when the table has no primary key. */
export function primaryKeyOf(table: PgTable): PgColumn[] {
  const { columns, primaryKeys } = getTableConfig(table);
  const names = new Set(primaryKeys.flatMap((key) => key.columns.map(({ name }) => name)));
  return columns.filter(({ primary, name }) => primary || names.has(name));
}

function isFilledByServer(column: PgColumn, isKey: boolean): boolean {
  return (
    column.generated !== undefined ||
    column.generatedIdentity?.type === 'always' ||
    (isKey && column.hasDefault) ||
    column.onUpdateFn !== undefined ||
    isCreationTime(column)
  );
}

function isCreationTime(column: PgColumn): boolean {
  const isTimestamp = is(column, PgTimestamp) || is(column, PgTimestampString);
  return isTimestamp && column.notNull && is(column.default, SQL) && NOW.test(textOf(column.default));
}

const NOW = /^\s*(?:now\(\)|current_timestamp)\s*$/i;

function textOf(expression: SQL): string {
  return new PgDialect().sqlToQuery(expression).sql;
}
