/** The tables of the code beside what the database has of them, read once a run. */
import { readTables, type TableShape } from '@todo/migrator/rows';

import { once } from './ask-once.ts';
import type { Context } from './check.ts';
import { type CodeTable, codeTables } from './code-tables.ts';

/** A table that is in the code and in the database. */
export interface LiveTable extends CodeTable {
  readonly shape: TableShape;
}

export interface LiveTables {
  /** In the order of the code. */
  readonly tables: readonly LiveTable[];
  /** Those that the database does not have. */
  readonly missing: readonly CodeTable[];
  /** All that the database has, those that others refer to before these others. */
  readonly shapes: readonly TableShape[];
}

export function liveTables(context: Pick<Context, 'read' | 'database'>): Promise<LiveTables> {
  return once(context, readTables, async () => {
    const shapes = await context.read((session) => readTables(session));
    const found = codeTables(context.database).map((table) => ({ table, shape: shapes.find(isShapeOf(table)) }));
    return {
      shapes,
      tables: found.flatMap(({ table, shape }) => (shape === undefined ? [] : [{ ...table, shape }])),
      missing: found.filter(({ shape }) => shape === undefined).map(({ table }) => table),
    };
  });
}

function isShapeOf({ schema, name }: CodeTable): (shape: TableShape) => boolean {
  return (shape) => shape.schema === schema && shape.name === name;
}
