/** The plan for creating, changing and deleting a row: its parent rows, its values, and a change. */
import { RowError, rowMaker, type RowValues, type StoredRow } from '@todo/migrator/rows';
import { isDeepStrictEqual } from 'node:util';

import type { LiveTable, LiveTables } from '../../live-tables.ts';
import { runVerifierSql } from '../../own-sql.ts';
import { type DrizzleRow, readRow, writableValues } from './drizzle-row.ts';
import { tryRow } from './each-table.ts';
import { rowCondition } from './row-condition.ts';
import { type RecordedStatement, recordInserts } from './record-inserts.ts';
import { makerOf } from './row-maker.ts';
import { runAndRollBack, type Transaction } from './run-and-roll-back.ts';
import { sessionOf } from './session-of.ts';

export interface CrudPlan {
  readonly table: LiveTable;
  /** Inserts of the parent rows, in order. */
  readonly parents: readonly RecordedStatement[];
  /** The inserted values, by the keys of the Drizzle table. */
  readonly sent: DrizzleRow;
  /** One key with a new value; undefined if no column can change. */
  readonly change: DrizzleRow | undefined;
  /** An SQL condition that finds the row before and after the change. */
  readonly where: string;
}

/** Plans the statements for a table. Undefined if no row can be inserted. Every attempt is rolled back. */
export async function planCrud(tx: Transaction, table: LiveTable, live: LiveTables): Promise<CrudPlan | undefined> {
  return await runAndRollBack(tx, async (savepoint) => {
    const session = recordInserts(sessionOf(savepoint), live.shapes);
    const maker = makerOf(session, live);
    const values = await tryRow(session, maker, table.shape);
    if (values instanceof RowError) return undefined;
    // `tryRow` rolls back the row itself, so only inserts of parent rows are recorded.
    const parents = [...session.statements];
    const first = await insertAndRead(savepoint, table, values);
    if (first === undefined) return undefined;
    const otherValues = await tryRow(session, maker, table.shape);
    const second = otherValues instanceof RowError ? undefined : await insertAndRead(savepoint, table, otherValues);
    const change = second === undefined ? undefined : findChange(table, first.row, second.row);
    const where = rowCondition(table.shape, first.stored, changingColumns(table, change));
    return { table, parents, sent: sentValues(table, values, first.row), change, where };
  });
}

/** Inserts a row, reads it as text and through Drizzle, and rolls back. */
async function insertAndRead(
  tx: Transaction,
  table: LiveTable,
  values: RowValues,
): Promise<{ stored: StoredRow; row: DrizzleRow } | undefined> {
  return await runAndRollBack(tx, async (inner) => {
    const stored = await runVerifierSql(rowMaker(sessionOf(inner), [table.shape]).insertValues(table.shape, values));
    const row = await readRow(inner, table.table, rowCondition(table.shape, stored));
    return row && { stored, row };
  });
}

/** The values to insert: those that the row maker chose, and the primary key. Other columns get their defaults. */
function sentValues(table: LiveTable, values: RowValues, row: DrizzleRow): DrizzleRow {
  const isSent = (name: string) => name in values || table.shape.primaryKey.includes(name);
  const entries = Object.entries(writableValues(table, row)).filter(([key]) => isSent(table.columns[key]?.name ?? ''));
  return Object.fromEntries(entries);
}

/** Finds a column in which the two rows differ and which is in no key and no CHECK. Returns the value of the other row. */
function findChange(
  { shape, columns, uniqueKeys, foreignKeys }: LiveTable,
  row: DrizzleRow,
  other: DrizzleRow,
): DrizzleRow | undefined {
  const constrained = new Set([
    ...shape.primaryKey,
    ...uniqueKeys.flatMap((key) => key.columns ?? []),
    ...shape.uniqueKeys.flatMap((key) => key.dependsOn),
    ...foreignKeys.flatMap((key) => key.columns),
    ...[...shape.checks, ...shape.domainChecks, ...shape.exclusions].flatMap((constraint) => constraint.columns),
  ]);
  const changeable = Object.entries(columns).find(
    ([key, { name, generated, generatedIdentity, onUpdateFn }]) =>
      generated === undefined &&
      generatedIdentity === undefined &&
      onUpdateFn === undefined &&
      !constrained.has(name) &&
      !isDeepStrictEqual(row[key], other[key]),
  );
  return changeable && { [changeable[0]]: other[changeable[0]] };
}

/** The names of the columns that may differ after the change: a trigger may set a column that has a default. */
function changingColumns({ columns, shape }: LiveTable, change: DrizzleRow = {}): string[] {
  const changed = Object.keys(change).map((key) => columns[key]?.name ?? '');
  const updated = Object.values(columns)
    .filter(({ onUpdateFn, generated }) => onUpdateFn !== undefined || generated !== undefined)
    .map(({ name }) => name);
  const withDefault = shape.columns.filter((column) => column.default !== undefined).map(({ name }) => name);
  return [...changed, ...updated, ...withDefault];
}
