/**
 * Finds the columns that the server fills and callers do not send:
 *
 * - serial columns, identities and generated columns;
 * - a primary key with a default of any type: `uuid().primaryKey().defaultRandom()`;
 * - a `timestamp` with a default or with `$onUpdate`: the time of creation or change;
 * - any other column with `$onUpdate`. Drizzle's types do not distinguish this from a default, so the types allow callers to send it.
 *
 * `omit` and `keep` of `validatorsOf` change this for a column.
 */
import { type Column, is, type Table } from 'drizzle-orm';
import { PgTimestamp, PgTimestampString } from 'drizzle-orm/pg-core';

export function isServerOwned(column: Column): boolean {
  const isTimestamp = is(column, PgTimestamp) || is(column, PgTimestampString);
  return (
    column.generatedIdentity !== undefined ||
    column.columnType.includes('Serial') ||
    column.onUpdateFn !== undefined ||
    (column.hasDefault && (column.primary || isTimestamp))
  );
}

/** The same rule for types, as far as a column's type shows it. Generated columns are already missing from `$inferInsert`. */
type IsServerOwned<C extends Column> = C['_'] extends
  | { readonly identity: 'always' | 'byDefault' }
  | { readonly columnType: `Pg${'' | 'Small' | 'Big'}Serial${'' | '53' | '64'}` }
  | { readonly hasDefault: true; readonly isPrimaryKey: true }
  | { readonly hasDefault: true; readonly columnType: 'PgTimestamp' | 'PgTimestampString' }
  ? true
  : false;

export type ColumnKey<T extends Table> = keyof T['_']['columns'] & string;

/** The columns of a table that an insert may contain. */
export type InsertKey<T extends Table> = keyof T['$inferInsert'] & ColumnKey<T>;

/** The insertable columns that the server fills. */
export type ServerOwnedKey<T extends Table> = {
  [K in InsertKey<T>]: IsServerOwned<T['_']['columns'][K]> extends true ? K : never;
}[InsertKey<T>];
