/** Finds the parent rows of a new row: one for each table, inserted once and reused. */
import type { Session } from '@todo/client/session';
import { quoted } from '../catalog/quoted.ts';
import { negativeNumber } from './choice.ts';
import type { RowMakerState, RowValues, StoredRow } from './row-maker-state.ts';
import { columnsAsText, constraintSql, toStoredRow, tableSql } from './insert-values.ts';
import { RowError } from './row-error.ts';
import { sampleValue } from './sample-value.ts';
import { type ForeignKeyShape, keyOf, type TableShape } from './table-shape.ts';

export interface ParentsOptions {
  readonly given: RowValues;
  readonly fillsOptionalColumns: boolean;
  /** Columns that a condition names, and may require to be set. */
  readonly bound: ReadonlySet<string>;
  /** Foreign keys that need a new parent. */
  readonly renewed: ReadonlySet<string>;
  /** Whether a remembered parent may have been deleted. */
  readonly mayBeDeleted: boolean;
  readonly createParent: (table: TableShape, given: RowValues) => Promise<StoredRow>;
}

/** Finds or inserts the rows to which the table's foreign keys refer. Keys that share a column get parents with the same value in it. */
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

const isNullable = (table: TableShape, key: ForeignKeyShape): boolean =>
  table.columns.some((column) => column.isNullable && key.columns.includes(column.name));

function needsParent(state: RowMakerState, table: TableShape, key: ForeignKeyShape, options: ParentsOptions): boolean {
  if (!isNullable(table, key) || options.fillsOptionalColumns) return true;
  const nullable = table.columns.filter((column) => column.isNullable && key.columns.includes(column.name));
  return nullable.every(
    ({ name }) => options.bound.has(name) || typeof options.given[name] === 'string' || state.isReferenced(table, name),
  );
}

async function findParent(
  state: RowMakerState,
  table: TableShape,
  key: ForeignKeyShape,
  fixed: (column: string) => string | null | undefined,
  options: ParentsOptions,
): Promise<RowValues | undefined> {
  const wanted = Object.fromEntries(
    key.columns.flatMap((column, index): [string, string][] => {
      const value = fixed(column);
      return typeof value === 'string' ? [[key.references.columns[index] ?? '', value]] : [];
    }),
  );
  try {
    const parent = state.tableOf(key.references);
    if (state.underWay.has(keyOf(parent))) return await planParentInCycle(state, table, key, parent, fixed);
    const isAllFixed = Object.keys(wanted).length === key.columns.length;
    const mayBeStored = isAllFixed || !options.renewed.has(key.name);
    const stored = mayBeStored ? await findStoredParent(state, parent, key, wanted, options.mayBeDeleted) : undefined;
    return stored ?? (await insertParent(state, parent, key, wanted, options));
  } catch (error) {
    if (error instanceof RowError && isNullable(table, key)) return undefined;
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

/** Finds a row that was inserted before, or an existing row with the wanted values. */
async function findStoredParent(
  { session, stored }: RowMakerState,
  parent: TableShape,
  { references: { columns } }: ForeignKeyShape,
  wanted: RowValues,
  mayBeDeleted: boolean,
): Promise<StoredRow | undefined> {
  const rows = stored.get(keyOf(parent)) ?? [];
  const known = rows.find(
    (row) =>
      columns.every((column) => typeof row[column] === 'string') &&
      Object.entries(wanted).every(([column, value]) => row[column] === value),
  );
  if (known !== undefined && !mayBeDeleted) return known;
  if (known === undefined && Object.keys(wanted).length < columns.length) return undefined;
  const values = known ?? wanted;
  const key = Object.fromEntries(columns.map((column) => [column, values[column] ?? null]));
  const [found] = await findRows(session, parent, columns, key);
  // Rows of a savepoint that was rolled back no longer exist.
  if (found === undefined) stored.set(keyOf(parent), removeRow(rows, known));
  return found;
}

const removeRow = (rows: readonly StoredRow[], row: StoredRow | undefined): StoredRow[] =>
  rows.filter((other) => other !== row);

/** Finds up to 20 rows with values in these columns, and with the given values. */
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
 * Chooses the key values of a parent that is itself unfinished. A nullable key is null. Otherwise the parent's key values are fixed now,
 * and a deferrable foreign key is checked after the parent is inserted.
 */
async function planParentInCycle(
  state: RowMakerState,
  table: TableShape,
  key: ForeignKeyShape,
  parent: TableShape,
  fixed: (column: string) => string | null | undefined,
): Promise<RowValues | undefined> {
  if (isNullable(table, key)) return undefined;
  const isItself = keyOf(parent) === keyOf(table);
  if (!isItself) await deferConstraint(state, table, key);
  const planned = state.underWay.get(keyOf(parent)) ?? new Map<string, string>();
  for (const name of key.references.columns) {
    const value = planned.get(name) ?? (isItself ? fixed(name) : undefined) ?? (await planValue(state, parent, name));
    if (typeof value === 'string') planned.set(name, value);
  }
  return Object.fromEntries(planned);
}

async function deferConstraint(state: RowMakerState, table: TableShape, key: ForeignKeyShape): Promise<void> {
  if (!key.isDeferrable) {
    const reason = `the foreign key ${key.name} is part of a cycle of foreign keys, and no column in it may be null and no key is deferrable.`;
    throw new RowError(table, reason, { constraint: key.name });
  }
  const name = constraintSql(table, key.name);
  state.deferred.set(name, key.isDeferred);
  if (!key.isDeferred) await state.session.query(`set constraints ${name} deferred`);
}

async function planValue(
  { session, ids, next }: RowMakerState,
  table: TableShape,
  name: string,
): Promise<string | undefined> {
  const column = table.columns.find((other) => other.name === name);
  const n = next();
  if (column === undefined) return undefined;
  if (!column.hasSequence || column.category !== 'N') return sampleValue(column, n);
  if (ids === 'generated') {
    const { rows } = await session.query('select nextval(pg_get_serial_sequence($1, $2))::text as value', [
      tableSql(table),
      name,
    ]);
    const value = rows[0]?.['value'];
    if (typeof value === 'string') return value;
  }
  return negativeNumber(column, n);
}
