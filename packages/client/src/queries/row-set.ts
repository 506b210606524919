/** The rows of a table that queries may use: all rows, or the rows of one owner. */
import { and, eq, getTableColumns, getTableName, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';

import { type Columns, primaryKeyOf, writableColumns } from '../table-columns.ts';
import { canHold, requireLookup } from './lookup-value.ts';

/** A row, keyed by its columns. Each value has the TypeScript type of its column. */
export type AnyRow = Record<string, unknown>;

export interface RowSet {
  readonly table: PgTable;
  readonly tableName: string;
  /** The primary key column, and its key in the table. */
  readonly id: PgColumn;
  readonly idKey: string;
  /** The column of the owner. Undefined means all rows of the table. */
  readonly owner: OwnerColumn | undefined;
  /** The columns that new rows may set. */
  readonly writable: Columns;
  /** The columns that statements return. */
  readonly returned: Columns;
}

export interface OwnerColumn {
  readonly key: string;
  readonly column: PgColumn;
}

export interface RowSetOptions {
  /** Default: none, which means all rows of the table. */
  readonly owner?: OwnerColumn;
  /** The keys of columns that statements never return. */
  readonly hidden?: readonly string[];
}

/** The rows of a table, or of one owner. @throws {TypeError} for a table without a single-column primary key that supports look-ups. */
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
    writable: omitColumns(writableColumns(table), owner ? [owner.key] : []),
    returned: omitColumns(columns, hidden),
  };
}

/** The column with this key. @throws {TypeError} when the table has no such column. */
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
      `"${getTableName(table)}" needs a primary key of exactly one column for \`ownedBy\` and \`rowsOf\`. Otherwise write its queries with Drizzle.`,
    );
  }
  requireLookup(id);
  return id;
}

export function omitColumns(columns: Columns, keys: readonly string[]): Columns {
  return Object.fromEntries(Object.entries(columns).filter(([key]) => !keys.includes(key)));
}

/** Names of placeholders in conditions. A column's placeholder is named by its key, which contains no space. */
const OWNER = 'the owner';
const ID = 'the id';

/** The condition that limits a statement to the rows of an owner. */
export function ownerCondition({ owner }: RowSet): SQL | undefined {
  return owner && eq(owner.column, sql.placeholder(OWNER));
}

/** The condition that limits a statement to one row. */
export function rowCondition(rows: RowSet): SQL | undefined {
  return and(ownerCondition(rows), eq(rows.id, sql.placeholder(ID)));
}

/** The owner of an inserted row, as a placeholder under the key of its column; empty if the row set has no owner. */
export function ownerCell({ owner }: RowSet): Record<string, SQL> {
  return owner ? { [owner.key]: sql`${sql.placeholder(OWNER)}` } : {};
}

/** The values for the placeholders of `ownerCondition` and `ownerCell`; undefined when no row can have this owner. */
export function ownerPlaceholders({ owner }: RowSet, ownerId: unknown): AnyRow | undefined {
  if (owner === undefined) return {};
  return canHold(owner.column, ownerId) ? { [OWNER]: String(ownerId) } : undefined;
}

/** The values for the placeholders of `rowCondition`; undefined when no such row can exist. */
export function rowPlaceholders(rows: RowSet, ownerId: unknown, id: unknown): AnyRow | undefined {
  const values = ownerPlaceholders(rows, ownerId);
  if (values === undefined || !canHold(rows.id, id)) return undefined;
  values[ID] = String(id);
  return values;
}
