/** A row maker whose rows Drizzle can read. */
import type { Session } from '@todo/client';
import { type MakeOptions, type RowMaker, rowMaker, type RowValues, type TableShape } from '@todo/migrator/rows';
import { is } from 'drizzle-orm';
import { PgArray } from 'drizzle-orm/pg-core';

import type { CodeTable } from '../../code-tables.ts';
import type { LiveTables } from '../../live-tables.ts';
import { sampleValues } from './sample-values.ts';

/**
 * Returns a row maker that leaves nested arrays empty, and tries the values of sample rows where a table refuses all others. The session
 * must be inside a transaction.
 */
export function makerOf(session: Session, live: Pick<LiveTables, 'tables' | 'shapes' | 'samples'>): RowMaker {
  const { tables, shapes } = live;
  const maker = rowMaker(session, shapes, {
    samples: (shape) => tables.filter((table) => table.shape === shape).flatMap((table) => sampleValues(table, live)),
  });
  const emptyArrays = new Map(tables.map((table): [TableShape, RowValues] => [table.shape, emptyNestedArrays(table)]));
  const addEmptyArrays = (shape: TableShape, options: MakeOptions = {}): MakeOptions => ({
    ...options,
    given: { ...emptyArrays.get(shape), ...options.given },
  });
  return {
    insert: (shape, options) => maker.insert(shape, addEmptyArrays(shape, options)),
    values: (shape, options) => maker.values(shape, addEmptyArrays(shape, options)),
    samples: (shape) => maker.samples(shape),
    insertValues: (shape, values) => maker.insertValues(shape, values),
  };
}

/** Empty arrays for nested array columns: Drizzle expects the dimensions of its type, which PostgreSQL does not store. */
function emptyNestedArrays({ columns }: CodeTable): RowValues {
  const arrays = Object.values(columns).filter((column) => is(column, PgArray) && is(column.baseColumn, PgArray));
  return Object.fromEntries(arrays.map(({ name }) => [name, '{}']));
}
