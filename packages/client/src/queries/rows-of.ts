/** The queries on rows of a table that belong to nobody, each one row by its primary key. */
import type { PgTable } from 'drizzle-orm/pg-core';

import type { Queryable } from './queryable.ts';
import { type AnyRow, rowSet } from './row-set.ts';
import type { ColumnKey, IdOf, NewRow, Patch, Row } from './row-types.ts';
import { findRow, insertRow, removeRow, updateRow } from './single-rows.ts';

export interface Rows<T extends PgTable, Hidden extends ColumnKey<T> = never> {
  /**
   * Adds a row. A column that is left out, or undefined, gets its default.
   * @throws {ColumnError} for a key that is no column, or of one that callers do not write. Nothing was sent.
   */
  create(row: NewRow<T>): Promise<Omit<Row<T>, Hidden>>;
  get(id: IdOf<T>): Promise<Omit<Row<T>, Hidden> | undefined>;
  /**
   * Changes the columns that `patch` names, and those with `$onUpdate`.
   * @throws {TypeError} when it names none.
   * @throws {ColumnError} as `create` does.
   * @throws {DatabaseError} `not-found`
   */
  update(id: IdOf<T>, patch: Patch<T>): Promise<Omit<Row<T>, Hidden>>;
  /** @throws {DatabaseError} `not-found` */
  remove(id: IdOf<T>): Promise<void>;
}

/**
 * Derives the queries from the table, as `ownedBy` does.
 * @param hidden The keys of columns that none of them returns: a password's hash, say.
 * @throws {TypeError} for a table without a primary key of one column by which rows can be found.
 */
export function rowsOf<T extends PgTable, Hidden extends ColumnKey<T> = never>(
  table: T,
  { hidden = [] }: { readonly hidden?: readonly Hidden[] } = {},
): (db: Queryable) => Rows<T, Hidden> {
  const rows = rowSet(table, { hidden });
  const [insert, find, update, remove] = [insertRow(rows), findRow(rows), updateRow(rows), removeRow(rows)];
  const queries = (db: Queryable): Queries => ({
    create: (row) => insert(db, {}, row),
    get: (id) => find(db, undefined, id),
    update: (id, patch) => update(db, undefined, id, patch),
    remove: (id) => remove(db, undefined, id),
  });
  // They work on the columns that the table has when they run. That these are the columns of `T`, only the caller's types know.
  return queries as unknown as (db: Queryable) => Rows<T, Hidden>;
}

/** `Rows` without the types of a certain table. */
interface Queries {
  create(row: object): Promise<AnyRow>;
  get(id: unknown): Promise<AnyRow | undefined>;
  update(id: unknown, patch: object): Promise<AnyRow>;
  remove(id: unknown): Promise<void>;
}
