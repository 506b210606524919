/** The errors for a value that a query cannot write, or for its key. They are thrown before the row is sent. */
import { getTableName } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';

/** A value cannot be stored: the table has no such column, callers may not write the column, or the value has another type. */
export class ColumnError extends Error {
  override readonly name = 'ColumnError';
  readonly code = 'COLUMN_REFUSED';
  readonly table: string;
  /** The column's name in PostgreSQL. If there is no such column, the key from the caller. */
  readonly column: string;

  constructor(table: string, column: string, message: string) {
    super(message);
    this.table = table;
    this.column = column;
  }
}

export function noSuchColumnError(table: PgTable, key: string): ColumnError {
  const name = getTableName(table);
  const message = `"${name}" has no column ${JSON.stringify(key)}. Nothing was stored. Correct the key.`;
  return new ColumnError(name, key, message);
}

export function notWritableError(table: PgTable, { name: column }: PgColumn): ColumnError {
  const name = getTableName(table);
  const message = `This query does not write column "${column}" of "${name}": the column is a key, an owner, or filled by the server.`;
  return new ColumnError(name, column, `${message} Nothing was stored. Leave the column out.`);
}

/** @param problem The rest of the sentence “The value …”, without the value, which may be a secret. */
export function notStorableError({ table, name: column }: PgColumn, problem: string): ColumnError {
  const name = getTableName(table);
  return new ColumnError(name, column, `The value for column "${column}" of "${name}" ${problem}. Nothing was stored.`);
}
