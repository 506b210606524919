/** The queries on rows that belong to somebody. Each statement is bound to the owner, whatever else it is given. */
import type { PgTable } from 'drizzle-orm/pg-core';

import type { ConstraintErrors } from '../errors/constraint-errors.ts';
import type { ManyRows } from './chunks.ts';
import { insertRows } from './insert-rows.ts';
import type { PageOptions } from './page-options.ts';
import { type Page, pagesOf } from './pages.ts';
import type { Queryable } from './queryable.ts';
import { refuseOwner } from './refuse-owner.ts';
import { type AnyRow, columnOf, ownerValues, rowSet } from './row-set.ts';
import type { ColumnData, ColumnKey, IdOf, NewRow, Patch, Row } from './row-types.ts';
import { findRow, insertRow, removeRow, updateRow } from './single-rows.ts';

export interface OwnedOptions<Filter> {
  /** The keys of columns that a list can be filtered by. Default: none. */
  readonly filters?: readonly Filter[];
  /** What a missing owner means to the application: the kind of error that the clients give. Default: `reference-missing`. */
  readonly constraintErrors?: ConstraintErrors;
}

/** The rows of one owner. The row of another owner is treated as one that does not exist. */
export interface OwnedRows<T extends PgTable, Owner extends ColumnKey<T>, Filter extends ColumnKey<T> = never> {
  /**
   * Adds a row. A column that is left out, or undefined, gets its default.
   * @throws {ColumnError} for a key that is no column, or of one that callers do not write. Nothing was sent.
   * @throws {DatabaseError} `reference-missing`
   */
  create(row: NewRow<T, Owner>): Promise<Row<T>>;
  /**
   * Adds any number of rows, all or none, in the order given; returns how many. Takes what can be iterated, at once or as it comes, and
   * holds no more than some thousands of them at a time. Up to 5,000 (and 1 MiB of text) are one statement; more are a transaction,
   * which stays open until the last has come. Over HTTP all of them are one request, of 10 MB at most.
   * @throws {RequestTooLargeError} over HTTP, when they do not fit. Nothing was sent.
   * @throws {ColumnError} as `create` does. Nothing is stored.
   * @throws {DatabaseError} `reference-missing`
   */
  createMany(rows: ManyRows<NewRow<T, Owner>>): Promise<number>;
  /**
   * A page of rows, by primary key.
   * @throws {CursorError} when `cursor` is not from this list.
   * @throws {PageOptionError} when another option is not one of its values.
   */
  list(options?: PageOptions & { readonly [Key in Filter]?: ColumnData<T, Key> | undefined }): Promise<Page<Row<T>>>;
  get(id: IdOf<T>): Promise<Row<T> | undefined>;
  /**
   * Changes the columns that `patch` names, and those with `$onUpdate`.
   * @throws {TypeError} when it names none.
   * @throws {ColumnError} as `create` does.
   * @throws {DatabaseError} `not-found`
   */
  update(id: IdOf<T>, patch: Patch<T, Owner>): Promise<Row<T>>;
  /** @throws {DatabaseError} `not-found` */
  remove(id: IdOf<T>): Promise<void>;
}

/**
 * Derives the queries from the table: a column that is added to it is written, returned and counted among those of `createMany` with no edit.
 * @param ownerKey The key of the column that says whose a row is.
 * @throws {TypeError} for a table without a primary key of one column by which rows can be found.
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

  const queries = (db: Queryable, ownerId: unknown): Queries => {
    const requireOwner = () => ownerValues(rows, ownerId) ?? refuseOwner(table, owner.column, options.constraintErrors);
    return {
      create: async (row) => await insert(db, requireOwner(), row),
      createMany: async (many) => {
        requireOwner();
        return await insertMany(db, ownerId, many);
      },
      list: (asked) => page(db, ownerId, asked ?? {}),
      get: (id) => find(db, ownerId, id),
      update: (id, patch) => update(db, ownerId, id, patch),
      remove: (id) => remove(db, ownerId, id),
    };
  };
  // They work on the columns that the table has when they run. That these are the columns of `T`, only the caller's types know.
  return queries as unknown as (db: Queryable, ownerId: ColumnData<T, Owner>) => OwnedRows<T, Owner, Filter>;
}

/** `OwnedRows` without the types of a certain table. */
interface Queries {
  create(row: object): Promise<AnyRow>;
  createMany(rows: ManyRows): Promise<number>;
  list(options?: PageOptions & AnyRow): Promise<Page<AnyRow>>;
  get(id: unknown): Promise<AnyRow | undefined>;
  update(id: unknown, patch: object): Promise<AnyRow>;
  remove(id: unknown): Promise<void>;
}
