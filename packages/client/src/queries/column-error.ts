/** What is wrong with a value, or with the key that it has, before anything is sent. */
import { getTableName } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';

/** A value was given that cannot be stored: for no column of the table, for one that callers do not write, or of another type. */
export class ColumnError extends Error {
  override readonly name = 'ColumnError';
  readonly code = 'COLUMN_REFUSED';
  readonly table: string;
  /** As PostgreSQL names it; where there is no such column, the key that was given. */
  readonly column: string;

  constructor(table: string, column: string, message: string) {
    super(message);
    this.table = table;
    this.column = column;
  }
}

export function noSuchColumn(table: PgTable, key: string): ColumnError {
  const name = getTableName(table);
  return new ColumnError(
    name,
    key,
    `"${name}" has no column ${JSON.stringify(key)}. Nothing was sent. Correct the key.`,
  );
}

export function notWritable(table: PgTable, { name: column }: PgColumn): ColumnError {
  const name = getTableName(table);
  const message = `Column "${column}" of "${name}" is not for callers to write here: it is a key, an owner, or filled by the server.`;
  return new ColumnError(name, column, `${message} Nothing was sent. Leave it out.`);
}

/** @param problem Without the value, which may be a secret. */
export function notStorable({ table, name: column }: PgColumn, problem: string): ColumnError {
  const name = getTableName(table);
  return new ColumnError(name, column, `The value for column "${column}" of "${name}" ${problem}. Nothing was sent.`);
}
