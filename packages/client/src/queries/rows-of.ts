/** Creates queries for rows without an owner. Each query finds one row by its primary key. */
import type { PgTable } from 'drizzle-orm/pg-core';

import type { Queryable } from './queryable.ts';
import { rowSet } from './row-set.ts';
import type { ColumnKey, IdOf, NewRow, Patch, Row } from './row-types.ts';
import { findRow, insertRow, removeRow, updateRow } from './single-rows.ts';

export interface Rows<T extends PgTable, Hidden extends ColumnKey<T> = never> {
  /**
   * Adds a row. A column that is missing or undefined gets its default.
   * @throws {ColumnError} for an unknown key, or for a column that callers may not write. Nothing was sent.
   */
  create(row: NewRow<T>): Promise<Omit<Row<T>, Hidden>>;
  get(id: IdOf<T>): Promise<Omit<Row<T>, Hidden> | undefined>;
  /**
   * Changes the columns in `patch`, and the columns with `$onUpdate`.
   * @throws {TypeError} when `patch` has no column.
   * @throws {ColumnError} as in `create`.
   * @throws {DatabaseError} `not-found`
   */
  update(id: IdOf<T>, patch: Patch<T>): Promise<Omit<Row<T>, Hidden>>;
  /** @throws {DatabaseError} `not-found` */
  remove(id: IdOf<T>): Promise<void>;
}

/**
 * Derives the queries from the table, as `ownedBy` does.
 * @param hidden The keys of columns that no query returns, for example a password's hash.
 * @throws {TypeError} for a table without a single-column primary key that supports look-ups.
 */
export function rowsOf<T extends PgTable, Hidden extends ColumnKey<T> = never>(
  table: T,
  { hidden = [] }: { readonly hidden?: readonly Hidden[] } = {},
): (db: Queryable) => Rows<T, Hidden> {
  const rows = rowSet(table, { hidden });
  const [insert, find, update, remove] = [insertRow(rows), findRow(rows), updateRow(rows), removeRow(rows)];
  const queries = (db: Queryable) => ({
    create: (row: object) => insert(db, {}, row),
    get: (id: unknown) => find(db, undefined, id),
    update: (id: unknown, patch: object) => update(db, undefined, id, patch),
    remove: (id: unknown) => remove(db, undefined, id),
  });
  // The queries work on the columns that the table has at run time. Only the caller's types know that these are the columns of `T`.
  return queries as unknown as (db: Queryable) => Rows<T, Hidden>;
}
