/** Which rows of a table queries are about: all of them, or those of one owner. */
import { and, eq, getTableColumns, getTableName, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';

import { type Columns, primaryKeyOf, writableColumns } from '../table-columns.ts';
import { canHold, requireLookup } from './lookup-value.ts';

/** A row by the keys of its columns, each value of the TypeScript type that its column has. */
export type AnyRow = Record<string, unknown>;

export interface RowSet {
  readonly table: PgTable;
  readonly tableName: string;
  /** The primary key, and its key among the columns. */
  readonly id: PgColumn;
  readonly idKey: string;
  /** Without an owner, these are all rows. */
  readonly owner: OwnerColumn | undefined;
  /** What new rows may be given. */
  readonly writable: Columns;
  /** What statements return. */
  readonly returned: Columns;
}

export interface OwnerColumn {
  readonly key: string;
  readonly column: PgColumn;
}

export interface RowSetOptions {
  /** Default: none, so that these are all rows of the table. */
  readonly owner?: OwnerColumn;
  /** The keys of columns that no statement returns. */
  readonly hidden?: readonly string[];
}

/** @throws {TypeError} for a table without a primary key of one column by which rows can be found. */
export function rowSet(table: PgTable, { owner, hidden = [] }: RowSetOptions = {}): RowSet {
  if (owner) requireLookup(owner.column);
  const columns = getTableColumns(table);
  const id = idOf(table);
  const idKey = Object.keys(columns).find((key) => columns[key] === id) ?? '';
  return {
    table,
    tableName: getTableName(table),
    id,
    idKey,
    owner,
    writable: without(writableColumns(table), owner ? [owner.key] : []),
    returned: without(columns, hidden),
  };
}

/** @throws {TypeError} where there is none. */
export function columnOf(table: PgTable, key: string): PgColumn {
  const columns: Columns = getTableColumns(table);
  const column = Object.hasOwn(columns, key) ? columns[key] : undefined;
  if (column === undefined) throw new TypeError(`"${getTableName(table)}" has no column ${JSON.stringify(key)}.`);
  return column;
}

function idOf(table: PgTable): PgColumn {
  const [id, ...others] = primaryKeyOf(table);
  if (id === undefined || others.length > 0) {
    throw new TypeError(
      `The primary key of "${getTableName(table)}" is not one column, as these queries need it. Write them with Drizzle.`,
    );
  }
  requireLookup(id);
  return id;
}

export function without(columns: Columns, keys: readonly string[]): Columns {
  return Object.fromEntries(Object.entries(columns).filter(([key]) => !keys.includes(key)));
}

/** The names of placeholders in conditions; a column's placeholder is named by its key, which has no space. */
const OWNER = 'the owner';
const ID = 'the id';

/** The condition of a statement on the rows of an owner. */
export function isOwned({ owner }: RowSet): SQL | undefined {
  return owner && eq(owner.column, sql.placeholder(OWNER));
}

/** The condition of a statement on one row. */
export function isRow(rows: RowSet): SQL | undefined {
  return and(isOwned(rows), eq(rows.id, sql.placeholder(ID)));
}

/** The owner of a row to be added. */
export function ownerCell({ owner }: RowSet): Record<string, SQL> {
  return owner ? { [owner.key]: sql`${sql.placeholder(OWNER)}` } : {};
}

/** The values for `isOwned` and `ownerCell`; undefined where no row can have this owner. */
export function ownerValues({ owner }: RowSet, ownerId: unknown): AnyRow | undefined {
  if (owner === undefined) return {};
  return canHold(owner.column, ownerId) ? { [OWNER]: String(ownerId) } : undefined;
}

/** The values for `isRow`; undefined where there can be no such row. */
export function rowValues(rows: RowSet, ownerId: unknown, id: unknown): AnyRow | undefined {
  const values = ownerValues(rows, ownerId);
  if (values === undefined || !canHold(rows.id, id)) return undefined;
  values[ID] = String(id);
  return values;
}
