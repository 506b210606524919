/**
 * Maps rows without joins from the driver's arrays to objects. For each value of each row, Drizzle looks up the column and its depth in the
 * result, which takes longer than parsing the rows. Here the look-up happens once for each statement.
 */
import { Column, is, SQL } from 'drizzle-orm';
import type { PgPreparedQuery, PgSession, PreparedQueryConfig } from 'drizzle-orm/pg-core';

type Session = Pick<PgSession, 'prepareQuery'>;
type PrepareParameters = Parameters<Session['prepareQuery']>;
/** The return type is left general: this code does not change the prepared query. */
type PrepareQuery = (...prepareArguments: PrepareParameters) => PgPreparedQuery<PreparedQueryConfig>;

/** The selected fields, in the order of the row. */
export type Fields = NonNullable<PrepareParameters[1]>;
export type RowMapper = NonNullable<PrepareParameters[4]>;
type FromDriver = (value: unknown) => unknown;

/** Makes this database map flat rows faster, to the same objects. */
export function mapFlatRows<DB extends { readonly _: { readonly session: Session } }>(db: DB): DB {
  const { session } = db._;
  const prepareQuery: PrepareQuery = session.prepareQuery.bind(session);
  const prepareFlat: PrepareQuery = (query, fields, name, isInArrayMode, mapper, ...cache) =>
    prepareQuery(query, fields, name, isInArrayMode, mapper ?? (fields && flatMapper(fields)), ...cache);
  Object.assign(session, { prepareQuery: prepareFlat });
  return db;
}

/** Creates the mapper for rows without joins; undefined when a row has more than one level. Drizzle then maps the row. */
export function flatMapper(fields: Fields): RowMapper | undefined {
  const columns: (readonly [name: string, fromDriver: FromDriver])[] = [];
  for (const { path, field } of fields) {
    const [name, ...deeper] = path;
    const decoder = decoderOf(field);
    if (name === undefined || deeper.length > 0 || decoder === undefined) return undefined;
    columns.push([name, (value) => decoder.mapFromDriverValue(value)]);
  }
  const toObject = (row: readonly unknown[]): Record<string, unknown> => {
    const object: Record<string, unknown> = {};
    let index = 0;
    for (const [name, fromDriver] of columns) {
      const value = row[index++];
      object[name] = value === null ? null : fromDriver(value);
    }
    return object;
  };
  return (rows) => rows.map(toObject);
}

function decoderOf(field: Fields[number]['field']): { mapFromDriverValue: FromDriver } | undefined {
  if (is(field, Column)) return field;
  const expression = is(field, SQL.Aliased) ? field.sql : field;
  // Drizzle's types hide this field.
  return is(expression, SQL) ? (expression as unknown as Decoding).decoder : undefined;
}

interface Decoding {
  readonly decoder: { mapFromDriverValue: FromDriver };
}
