/**
 * Rows of columns without joins, from the driver's arrays to objects. Drizzle finds out for each value of each row what kind of
 * column it came from and how deep it goes, which costs more than reading the rows off the wire; here that is found out once.
 */
import { Column, is, SQL } from 'drizzle-orm';
import type { PgPreparedQuery, PgSession, PreparedQueryConfig } from 'drizzle-orm/pg-core';

type Session = Pick<PgSession, 'prepareQuery'>;
type PrepareParameters = Parameters<Session['prepareQuery']>;
/** Without the type of what it prepares, which stays as it is. */
type PrepareQuery = (...how: PrepareParameters) => PgPreparedQuery<PreparedQueryConfig>;

/** What is selected, in the order of the row. */
type Fields = NonNullable<PrepareParameters[1]>;
type RowMapper = NonNullable<PrepareParameters[4]>;
type FromDriver = (value: unknown) => unknown;

/** Has this database map such rows faster, to the same objects. */
export function mapFlatRows<DB extends { readonly _: { readonly session: Session } }>(db: DB): DB {
  const { session } = db._;
  const prepareQuery: PrepareQuery = session.prepareQuery.bind(session);
  const prepareFlat: PrepareQuery = (query, fields, name, isInArrayMode, mapper, ...cache) =>
    prepareQuery(query, fields, name, isInArrayMode, mapper ?? (fields && flatMapper(fields)), ...cache);
  Object.assign(session, { prepareQuery: prepareFlat });
  return db;
}

/** Undefined where a row has more than one level, so that it is left to Drizzle. */
function flatMapper(fields: Fields): RowMapper | undefined {
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
  // Drizzle's types keep it to themselves.
  return is(expression, SQL) ? (expression as unknown as Decoding).decoder : undefined;
}

interface Decoding {
  readonly decoder: { mapFromDriverValue: FromDriver };
}
