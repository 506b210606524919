/** Reads the shapes of all tables in one query. */
import { z } from 'zod';

import type { Session } from '@todo/client/session';
import { quoted } from '../catalog/quoted.ts';
import { keyOf, TableShape } from './table-shape.ts';
import { OWN_SCHEMAS, tablesQuery } from './tables-query.ts';

export interface ReadTablesOptions {
  /** Default: all but PostgreSQL's own and `drizzle`. */
  readonly schemas?: readonly string[];
}

/**
 * Reads the tables, without those of extensions: those that others refer to before these others. Expressions are spelled for the session's `search_path`:
 * make rows with the same one.
 */
export async function readTables(session: Session, { schemas }: ReadTablesOptions = {}): Promise<TableShape[]> {
  const { rows } =
    schemas === undefined
      ? await session.query(tablesQuery(OWN_SCHEMAS))
      : await session.query(tablesQuery('n.nspname = any ($1::text[])'), [schemas]);
  const tables = z
    .array(z.object({ table: z.string() }))
    .parse(rows)
    .map(({ table }) => ReadTable.parse(JSON.parse(table)));
  return parentsFirst(tables);
}

const ReadTable = TableShape.extend({ partitions: TableShape.shape.checks }).transform(
  ({ partitions, domainChecks, ...table }): TableShape => ({
    ...table,
    checks: [...table.checks, ...partitions],
    domainChecks: domainChecks.map(({ columns, expression, ...rest }) => ({
      ...rest,
      columns,
      expression: ofColumn(expression, columns[0] ?? ''),
    })),
  }),
);

/** A domain's check names its value VALUE; in a string literal the same word is text. */
function ofColumn(expression: string, column: string): string {
  return expression.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\bVALUE\b/g, (part) =>
    part === 'VALUE' ? quoted(column) : part,
  );
}

/** A circle of references is entered at the first table, in the order given, that is reached. */
function parentsFirst(tables: readonly TableShape[]): TableShape[] {
  const byKey = new Map(tables.map((table) => [keyOf(table), table]));
  const ordered = new Set<TableShape>();
  const visited = new Set<TableShape>();
  const visit = (table: TableShape): void => {
    if (visited.has(table)) return;
    visited.add(table);
    for (const { references } of table.foreignKeys) {
      const parent = byKey.get(keyOf(references));
      if (parent !== undefined) visit(parent);
    }
    ordered.add(table);
  };
  for (const table of tables) visit(table);
  return [...ordered];
}
