/** The tables defined in the code, with their columns and constraints as found in the database. */
import type { DatabaseDefinition } from '@todo/migrator';
import { readTables, type TableShape } from '@todo/migrator/rows';

import { queryOnce } from './query-once.ts';
import type { Context } from './check.ts';
import { type CodeTable, codeTables } from './code-tables.ts';

/** A table that exists in the code and in the database. */
export interface LiveTable extends CodeTable {
  readonly shape: TableShape;
}

export interface LiveTables extends Pick<DatabaseDefinition, 'samples'> {
  /** In the order in which the code exports them. */
  readonly tables: readonly LiveTable[];
  /** Tables defined in the code that do not exist in the database. */
  readonly missing: readonly CodeTable[];
  /** All tables of the database, referenced tables before the tables that refer to them. */
  readonly shapes: readonly TableShape[];
}

/** Reads the tables once per run. */
export function liveTables(context: Pick<Context, 'read' | 'database'>): Promise<LiveTables> {
  return queryOnce(context, readTables, async () => {
    const shapes = await context.read((session) => readTables(session));
    const found = codeTables(context.database).map((table) => ({ table, shape: shapes.find(hasSameName(table)) }));
    const { samples } = context.database;
    return {
      ...(samples !== undefined && { samples }),
      shapes,
      tables: found.flatMap(({ table, shape }) => (shape === undefined ? [] : [{ ...table, shape }])),
      missing: found.filter(({ shape }) => shape === undefined).map(({ table }) => table),
    };
  });
}

type Named = Pick<CodeTable, 'schema' | 'name'>;

/** Returns a function that tells whether another table has the same schema and name. */
export function hasSameName({ schema, name }: Named): (other: Named) => boolean {
  return (other) => other.schema === schema && other.name === name;
}

export function hasColumn({ shape }: Pick<LiveTable, 'shape'>, column: string | undefined): boolean {
  return shape.columns.some(({ name }) => name === column);
}
