/** Creates queries for rows that belong to an owner. Every statement is limited to the owner, whatever its other arguments. */
import type { PgTable } from 'drizzle-orm/pg-core';

import type { ConstraintErrors } from '../errors/constraint-errors.ts';
import type { ManyRows } from './chunks.ts';
import { insertRows } from './insert-rows.ts';
import type { PageOptions } from './page-options.ts';
import { type Page, pagesOf } from './pages.ts';
import type { Queryable } from './queryable.ts';
import { refuseOwner } from './refuse-owner.ts';
import { type AnyRow, columnOf, ownerPlaceholders, rowSet } from './row-set.ts';
import type { ColumnData, ColumnKey, IdOf, NewRow, Patch, Row } from './row-types.ts';
import { findRow, insertRow, removeRow, updateRow } from './single-rows.ts';

export interface OwnedOptions<Filter> {
  /** The keys of the columns that can filter a list. Default: none. */
  readonly filters?: readonly Filter[];
  /** The error kinds of the application's clients, for example for a missing owner. Default: `reference-missing`. */
  readonly constraintErrors?: ConstraintErrors;
}

/** The rows of one owner. A row of another owner is treated as a row that does not exist. */
export interface OwnedRows<T extends PgTable, Owner extends ColumnKey<T>, Filter extends ColumnKey<T> = never> {
  /**
   * Adds a row. A column that is missing or undefined gets its default.
   * @throws {ColumnError} for an unknown key, or for a column that callers may not write. Nothing was sent.
   * @throws {DatabaseError} `reference-missing`
   */
  create(row: NewRow<T, Owner>): Promise<Row<T>>;
  /**
   * Adds any number of rows in the given order, all or none. Returns the number of rows. Accepts any iterable or async iterable, and holds
   * at most a few thousand rows in memory. Up to 5,000 rows (and 1 MiB of text) are one statement. More rows are one transaction, which
   * stays open until the source ends. Over HTTP all rows are one request of at most 10 MiB.
   * @throws {RequestTooLargeError} over HTTP, when the rows do not fit. Nothing was sent.
   * @throws {ColumnError} as in `create`. Nothing is stored.
   * @throws {DatabaseError} `reference-missing`
   */
  createMany(rows: ManyRows<NewRow<T, Owner>>): Promise<number>;
  /**
   * A page of rows, by primary key.
   * @throws {CursorError} when `cursor` is not from this list.
   * @throws {PageOptionError} when another option has an invalid value.
   */
  list(options?: PageOptions & { readonly [Key in Filter]?: ColumnData<T, Key> | undefined }): Promise<Page<Row<T>>>;
  get(id: IdOf<T>): Promise<Row<T> | undefined>;
  /**
   * Changes the columns in `patch`, and the columns with `$onUpdate`.
   * @throws {TypeError} when `patch` has no column.
   * @throws {ColumnError} as in `create`.
   * @throws {DatabaseError} `not-found`
   */
  update(id: IdOf<T>, patch: Patch<T, Owner>): Promise<Row<T>>;
  /** @throws {DatabaseError} `not-found` */
  remove(id: IdOf<T>): Promise<void>;
}

/**
 * Derives the queries from the table. A new column of the table is written, returned and accepted by `createMany` without an edit here.
 * @param ownerKey The key of the column that holds a row's owner.
 * @throws {TypeError} for a table without a single-column primary key that supports look-ups.
 * @example
 * const notesOf = ownedBy(note, 'authorId', { filters: ['isPinned'] });
 * await notesOf(db, ada.id).create({ text: 'Of the analytical engine' });
 */
export function ownedBy<T extends PgTable, Owner extends ColumnKey<T>, Filter extends ColumnKey<T> = never>(
  table: T,
  ownerKey: Owner,
  options: OwnedOptions<Filter> = {},
): (db: Queryable, ownerId: ColumnData<T, Owner>) => OwnedRows<T, Owner, Filter> {
  const owner = { key: ownerKey, column: columnOf(table, ownerKey) };
  const rows = rowSet(table, { owner });
  const [insert, find, update, remove] = [insertRow(rows), findRow(rows), updateRow(rows), removeRow(rows)];
  const page = pagesOf(rows, options.filters ?? []);
  const insertMany = insertRows(rows, owner);

  const queries = (db: Queryable, ownerId: unknown) => {
    const requireOwner = () =>
      ownerPlaceholders(rows, ownerId) ?? refuseOwner(table, owner.column, options.constraintErrors);
    return {
      create: async (row: object) => await insert(db, requireOwner(), row),
      createMany: async (newRows: ManyRows) => {
        requireOwner();
        return await insertMany(db, ownerId, newRows);
      },
      // An untyped caller may pass null.
      list: (listOptions?: PageOptions & AnyRow) => page(db, ownerId, listOptions ?? {}),
      get: (id: unknown) => find(db, ownerId, id),
      update: (id: unknown, patch: object) => update(db, ownerId, id, patch),
      remove: (id: unknown) => remove(db, ownerId, id),
    };
  };
  // The queries work on the columns that the table has at run time. Only the caller's types know that these are the columns of `T`.
  return queries as unknown as (db: Queryable, ownerId: ColumnData<T, Owner>) => OwnedRows<T, Owner, Filter>;
}
