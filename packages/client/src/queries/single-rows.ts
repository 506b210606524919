/** Creates queries for one row of a table. The columns come from the table, so a new column needs no edit here. */
import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';

import { requireChange } from '../validators/patch.ts';
import { changedRow, notFoundError } from './not-found.ts';
import { forReading, type Queryable } from './queryable.ts';
import { type Cell, changeReader, newRowReader } from './row-reader.ts';
import { type AnyRow, rowCondition, ownerCell, type RowSet, rowPlaceholders, omitColumns } from './row-set.ts';
import { statement } from './statement.ts';
import { statementVariants } from './statement-variants.ts';
import { addValues, assignments, variantOf } from './variant.ts';

/** Returns a query that adds a row. `ownerPlaceholders` are for the owner's placeholder. A column without a value gets its default. */
export function insertRow(rows: RowSet) {
  const { table, tableName, returned } = rows;
  const { columns, read } = newRowReader(table, rows.writable);
  const defaults = explicitDefaults(table);
  const inserts = statementVariants<readonly Cell[], AnyRow>(`${tableName}_create`, (cells) => (db, name) => {
    const values = { ...defaults, ...assignments(columns, cells), ...ownerCell(rows) };
    return db.insert(table).values(values).returning(returned).prepare(name);
  });
  return async (db: Queryable, ownerPlaceholders: AnyRow, row: object): Promise<AnyRow> => {
    const cells = read(row);
    const values = { ...ownerPlaceholders };
    addValues(values, columns, cells);
    return changedRow(await inserts(variantOf(cells), cells)(db, values), tableName);
  };
}

/** Explicit defaults for columns with `$onUpdate`: Drizzle's insert would ignore a default of 0, false or ''. */
function explicitDefaults(table: PgTable): Record<string, SQL> {
  const columns = Object.entries<PgColumn>(getTableColumns(table));
  const withBoth = columns.filter(([, column]) => column.onUpdateFn !== undefined && column.default !== undefined);
  return Object.fromEntries(withBoth.map(([key]) => [key, sql`default`]));
}

/** Returns a query that finds a row. */
export function findRow(rows: RowSet) {
  const { table, tableName, returned } = rows;
  const find = statement<AnyRow>(`${tableName}_get`, (db, name) =>
    db.select(returned).from(table).where(rowCondition(rows)).prepare(name),
  );
  return async (db: Queryable, owner: unknown, id: unknown): Promise<AnyRow | undefined> => {
    const values = rowPlaceholders(rows, owner, id);
    return values && (await find(forReading(db), values))[0];
  };
}

/** Returns a query that changes the columns in a patch. The primary key never changes, because other rows refer to it. */
export function updateRow(rows: RowSet) {
  const { table, tableName, idKey, returned } = rows;
  const { columns, read } = changeReader(table, omitColumns(rows.writable, [idKey]));
  const updates = statementVariants<readonly Cell[], AnyRow>(
    `${tableName}_update`,
    (cells) => (db, name) =>
      db.update(table).set(assignments(columns, cells)).where(rowCondition(rows)).returning(returned).prepare(name),
  );
  return async (db: Queryable, owner: unknown, id: unknown, patch: object): Promise<AnyRow> => {
    const cells = read(patch);
    requireChange(patch);
    const values = rowPlaceholders(rows, owner, id);
    if (values === undefined) throw notFoundError(tableName);
    addValues(values, columns, cells);
    return changedRow(await updates(variantOf(cells), cells)(db, values), tableName);
  };
}

/** Returns a query that deletes a row. */
export function removeRow(rows: RowSet) {
  const { table, tableName, id: key } = rows;
  const remove = statement<AnyRow>(`${tableName}_remove`, (db, name) =>
    db.delete(table).where(rowCondition(rows)).returning({ id: key }).prepare(name),
  );
  return async (db: Queryable, owner: unknown, id: unknown): Promise<void> => {
    const values = rowPlaceholders(rows, owner, id);
    if (values === undefined) throw notFoundError(tableName);
    changedRow(await remove(db, values), tableName);
  };
}
