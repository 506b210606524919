/**
 * The columns that the server fills, so that nobody sends them:
 *
 * - serial kinds, identities and generated columns;
 * - a primary key with a default, whichever its type: `uuid().primaryKey().defaultRandom()`;
 * - a `timestamp` with a default or with `$onUpdate`: when a row was made or changed;
 * - any other column with `$onUpdate`. Drizzle's types do not tell this from a default, so that in types it may be sent.
 *
 * `omit` and `keep` of `validatorsOf` say otherwise for a column.
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

/** The same of a column's type, as far as it shows. Generated columns are missing from `$inferInsert` already. */
type IsServerOwned<C extends Column> = C['_'] extends
  | { readonly identity: 'always' | 'byDefault' }
  | { readonly columnType: `Pg${'' | 'Small' | 'Big'}Serial${'' | '53' | '64'}` }
  | { readonly hasDefault: true; readonly isPrimaryKey: true }
  | { readonly hasDefault: true; readonly columnType: 'PgTimestamp' | 'PgTimestampString' }
  ? true
  : false;

export type ColumnKey<T extends Table> = keyof T['_']['columns'] & string;

/** The columns of a table that an insert may name at all. */
export type InsertKey<T extends Table> = keyof T['$inferInsert'] & ColumnKey<T>;

/** Of these, the ones that the server fills. */
export type ServerOwnedKey<T extends Table> = {
  [K in InsertKey<T>]: IsServerOwned<T['_']['columns'][K]> extends true ? K : never;
}[InsertKey<T>];
