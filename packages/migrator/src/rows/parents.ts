/** Finds the parent rows of a new row. A parent row is inserted once, and later rows refer to the same one. */
import type { Session } from '@todo/client/session';
import { quoted } from '../catalog/quoted.ts';
import { negativeNumber } from './choice.ts';
import type { RowMakerState, RowValues, StoredRow } from './row-maker-state.ts';
import { columnsAsText, constraintSql, toStoredRow, tableSql } from './insert-values.ts';
import { RowError } from './row-error.ts';
import { sampleValue } from './sample-value.ts';
import { type ColumnShape, type ForeignKeyShape, keyOf, type TableShape } from './table-shape.ts';

export interface ParentsOptions {
  readonly given: RowValues;
  readonly fillsOptionalColumns: boolean;
  /** Columns that a CHECK names, and may require to be set. */
  readonly constrainedColumns: ReadonlySet<string>;
  /** Foreign keys that need a new parent. */
  readonly keysToRenew: ReadonlySet<string>;
  /** Whether a remembered parent may have been deleted. */
  readonly mayBeDeleted: boolean;
  readonly createParent: (table: TableShape, given: RowValues) => Promise<StoredRow>;
}

/** Finds or inserts the parent rows, and returns their key values by column of the foreign keys. Keys may share a column and its value. */
export async function findParents(
  state: RowMakerState,
  table: TableShape,
  options: ParentsOptions,
): Promise<Map<string, string>> {
  const values = new Map<string, string>();
  for (const key of table.foreignKeys) {
    // An earlier key has fixed the values of shared columns.
    const fixedValue = (column: string): string | null | undefined => values.get(column) ?? options.given[column];
    if (key.columns.some((column) => fixedValue(column) === null) || !needsParent(state, table, key, options)) continue;
    const parent = await findParent(state, table, key, fixedValue, options);
    for (const [index, column] of key.columns.entries()) {
      const value = parent?.[key.references.columns[index] ?? ''];
      if (typeof value === 'string') values.set(column, value);
    }
  }
  return values;
}

const nullableColumns = (table: TableShape, key: ForeignKeyShape): ColumnShape[] =>
  table.columns.filter((column) => column.isNullable && key.columns.includes(column.name));

/** Whether the row must refer to a parent: its key columns cannot be null, should not be, or are known already. */
function needsParent(state: RowMakerState, table: TableShape, key: ForeignKeyShape, options: ParentsOptions): boolean {
  const nullable = nullableColumns(table, key);
  if (nullable.length === 0 || options.fillsOptionalColumns) return true;
  return nullable.every(
    ({ name }) =>
      options.constrainedColumns.has(name) ||
      typeof options.given[name] === 'string' ||
      state.isReferenced(table, name),
  );
}

/** Returns the key values of a parent row. Undefined if the reference stays null, because no parent row can be inserted. */
async function findParent(
  state: RowMakerState,
  table: TableShape,
  key: ForeignKeyShape,
  fixedValue: (column: string) => string | null | undefined,
  options: ParentsOptions,
): Promise<RowValues | undefined> {
  const wantedValues = Object.fromEntries(
    key.columns.flatMap((column, index): [string, string][] => {
      const value = fixedValue(column);
      return typeof value === 'string' ? [[key.references.columns[index] ?? '', value]] : [];
    }),
  );
  try {
    const parent = state.tableOf(key.references);
    if (state.unfinishedRows.has(keyOf(parent))) return await planParentInCycle(state, table, key, parent, fixedValue);
    const isAllFixed = Object.keys(wantedValues).length === key.columns.length;
    const mayBeStored = isAllFixed || !options.keysToRenew.has(key.name);
    const findStored = () => findStoredParent(state, parent, key, wantedValues, options.mayBeDeleted);
    const stored = mayBeStored ? await findStored() : undefined;
    return stored ?? (await insertParent(state, parent, key, wantedValues, options));
  } catch (error) {
    if (error instanceof RowError && nullableColumns(table, key).length > 0) return undefined;
    throw error;
  }
}

/** Inserts a parent row. Takes an existing row if that fails, as in a full lookup table. */
async function insertParent(
  state: RowMakerState,
  parent: TableShape,
  { references: { columns } }: ForeignKeyShape,
  wanted: RowValues,
  { createParent }: ParentsOptions,
): Promise<StoredRow> {
  try {
    return await createParent(parent, wanted);
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    const rows = await findRows(state.session, parent, columns, wanted);
    const row = rows[state.next() % rows.length];
    if (row === undefined) throw error;
    return row;
  }
}

/** Finds a row that this row maker inserted before. If all key values are given, also finds another row of the table. */
async function findStoredParent(
  state: RowMakerState,
  parent: TableShape,
  { references: { columns } }: ForeignKeyShape,
  wanted: RowValues,
  mayBeDeleted: boolean,
): Promise<StoredRow | undefined> {
  const remembered = state.stored
    .get(keyOf(parent))
    ?.find(
      (row) =>
        columns.every((column) => typeof row[column] === 'string') &&
        Object.entries(wanted).every(([column, value]) => row[column] === value),
    );
  if (remembered !== undefined && !mayBeDeleted) return remembered;
  if (remembered === undefined && Object.keys(wanted).length < columns.length) return undefined;
  const values = remembered ?? wanted;
  const key = Object.fromEntries(columns.map((column) => [column, values[column] ?? null]));
  const [found] = await findRows(state.session, parent, columns, key);
  // Rows of a savepoint that was rolled back no longer exist.
  if (found === undefined && remembered !== undefined) forgetRow(state, parent, remembered);
  return found;
}

function forgetRow({ stored, rowCounts }: RowMakerState, table: TableShape, row: StoredRow): void {
  const key = keyOf(table);
  stored.set(key, stored.get(key)?.filter((other) => other !== row) ?? []);
  rowCounts.set(key, (rowCounts.get(key) ?? 1) - 1);
}

/** Finds up to 20 rows that have the given values, and no null in these columns. */
async function findRows(
  session: Session,
  table: TableShape,
  columns: readonly string[],
  values: RowValues,
): Promise<StoredRow[]> {
  const conditions = [
    ...columns.map((column) => `${quoted(column)} is not null`),
    ...Object.keys(values).map((column, index) => `${quoted(column)} = $${index + 1}`),
  ];
  const { rows } = await session.query(
    `select ${columnsAsText(table)} from ${tableSql(table)} where ${conditions.join(' and ')} limit 20`,
    Object.values(values),
  );
  return rows.map((row) => toStoredRow(table, row));
}

/**
 * Chooses the key values of a parent that is itself unfinished, because the foreign keys form a cycle. A nullable key stays null: then
 * returns undefined. Otherwise fixes the parent's key values now, and defers the foreign key until the parent is inserted.
 */
async function planParentInCycle(
  state: RowMakerState,
  table: TableShape,
  key: ForeignKeyShape,
  parent: TableShape,
  fixedValue: (column: string) => string | null | undefined,
): Promise<RowValues | undefined> {
  if (nullableColumns(table, key).length > 0) return undefined;
  const isSameTable = keyOf(parent) === keyOf(table);
  if (!isSameTable) await deferConstraint(state, table, key);
  const unfinishedRow = state.unfinishedRows.get(keyOf(parent)) ?? new Map<string, string>();
  for (const name of key.references.columns) {
    const fixed = unfinishedRow.get(name) ?? (isSameTable ? fixedValue(name) : undefined);
    const value = fixed ?? (await newKeyValue(state, parent, name));
    if (typeof value === 'string') unfinishedRow.set(name, value);
  }
  return Object.fromEntries(unfinishedRow);
}

/** Defers the check of the foreign key. `checkDeferred` checks it after the last unfinished row is inserted. */
async function deferConstraint(state: RowMakerState, table: TableShape, key: ForeignKeyShape): Promise<void> {
  if (!key.isDeferrable) {
    const reason = `the foreign key ${key.name} closes a cycle of foreign keys: make one of its columns nullable, or the key DEFERRABLE.`;
    throw new RowError(table, reason, { constraint: key.name });
  }
  const name = constraintSql(table, key.name);
  state.deferred.set(name, key.isDeferred);
  if (!key.isDeferred) await state.session.query(`set constraints ${name} deferred`);
}

/** A value for the column that no row has. Undefined for a type without sample values. */
async function newKeyValue(state: RowMakerState, table: TableShape, name: string): Promise<string | undefined> {
  const column = table.columns.find((other) => other.name === name);
  const n = state.next();
  if (column === undefined) return undefined;
  if (!column.hasSequence || column.category !== 'N') return sampleValue(column, n);
  if (state.ids === 'generated') {
    const nextValue = 'select nextval(pg_get_serial_sequence($1, $2))::text as value';
    const { rows } = await state.session.query(nextValue, [tableSql(table), name]);
    const value = rows[0]?.['value'];
    if (typeof value === 'string') return value;
  }
  return negativeNumber(column, n);
}
