/** Derives a few rows for tables without sample rows, from the types and constraints of their columns. */
import type { Session } from '@todo/client/session';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';

import { quoted } from '../../catalog/quoted.ts';
import { readTables, RowError, type RowMaker, rowMaker, type RowValues, type TableShape } from '../../rows/index.ts';
import { formatCount } from '../output.ts';
import { valuesFromCode } from './coded-values.ts';
import { nameOf } from './tables.ts';

export interface DerivedRows {
  readonly table: PgTable;
  readonly count: number;
  /** The reason if the table got no rows. */
  readonly reason?: string;
}

/** The number of rows per table. The first row has values in all columns, the others only in required columns. */
const ROWS = 3;

/** Inserts rows into the empty ones of the tables, parents first. The session must be inside a transaction. */
export async function deriveRows(session: Session, tables: readonly PgTable[]): Promise<DerivedRows[]> {
  if (tables.length === 0) return [];
  const shapes = await readTables(session);
  const tableOf = (shape: TableShape) => tables.find((table) => isShapeOf(shape, table));
  const preferred = (shape: TableShape, rowNumber: number) => {
    const table = tableOf(shape);
    return table === undefined ? {} : valuesFromCode(table, rowNumber);
  };
  const maker = rowMaker(session, shapes, { ids: 'generated', preferred, salt: 1 });
  const derived: DerivedRows[] = [];
  for (const shape of shapes) {
    const table = tableOf(shape);
    if (table === undefined || (await readFirstRows(session, shape)).length > 0) continue;
    derived.push({ table, ...(await fillTable(session, maker, shape)) });
  }
  return derived;
}

function isShapeOf(shape: TableShape, table: PgTable): boolean {
  const { schema = 'public', name } = getTableConfig(table);
  return shape.schema === schema && shape.name === name;
}

/** Inserts up to three rows. Returns their number, and the reason if there is none. */
async function fillTable(session: Session, maker: RowMaker, shape: TableShape): Promise<Omit<DerivedRows, 'table'>> {
  let count = 0;
  try {
    for (; count < ROWS; count += 1) {
      const fillsOptionalColumns = count === 0;
      try {
        await maker.insert(shape, { fillsOptionalColumns, given: await chooseParents(session, shape, count) });
      } catch (error) {
        if (!(error instanceof RowError)) throw error;
        // A CHECK may require only one of the references, or two different ones.
        await maker.insert(shape, { fillsOptionalColumns });
      }
    }
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    // A table may have room for fewer rows.
    if (count === 0) return { count, reason: error.message };
  }
  return { count };
}

/** Returns references to existing rows, in turn, so that no row is added to a table that has sample rows. */
async function chooseParents(session: Session, shape: TableShape, turn: number): Promise<RowValues> {
  const given: Record<string, string | null> = {};
  for (const { columns, references } of shape.foreignKeys) {
    const rows = await readFirstRows(session, references, references.columns);
    const parent = rows[turn % rows.length];
    // Foreign keys that share a column would need parents with the same value in it.
    if (parent === undefined || columns.some((column) => given[column] !== undefined)) continue;
    for (const [index, column] of columns.entries()) given[column] = parent[index] ?? null;
  }
  return given;
}

/** Reads these columns of the first rows as text, in physical order. Without columns, returns an empty list for each of these rows. */
async function readFirstRows(
  session: Session,
  { schema, name }: { schema: string; name: string },
  columns: readonly string[] = [],
): Promise<(string | null)[][]> {
  const { rows } = await session.query(
    `select array[${columns.map((column) => `${quoted(column)}::text`).join(', ')}]::text[] as "row"
     from ${quoted(schema)}.${quoted(name)} order by ctid limit ${ROWS}`,
  );
  return rows.map(({ row }) => row as (string | null)[]);
}

/** Such as `3 rows of tag`. Tables without rows are left out. */
export function describeDerived(derived: readonly DerivedRows[]): string[] {
  const filled = derived.filter(({ count }) => count > 0);
  return filled.map(({ table, count }) => `${formatCount(count, 'row')} of ${nameOf(table)}`);
}
