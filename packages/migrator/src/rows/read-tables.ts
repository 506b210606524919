/** Reads the definitions of all tables in one query. */
import { z } from 'zod';

import type { Session } from '@todo/client/session';
import { quoted } from '../catalog/quoted.ts';
import { keyOf, TableShape } from './table-shape.ts';
import { OWN_SCHEMAS, tablesQuery } from './tables-query.ts';

export interface ReadTablesOptions {
  /** Default: all schemas except PostgreSQL's own and `drizzle`. */
  readonly schemas?: readonly string[];
}

/**
 * Reads all tables except those of extensions, with parents before their children. Expressions are printed for the session's `search_path`:
 * create rows with the same setting.
 */
export async function readTables(session: Session, { schemas }: ReadTablesOptions = {}): Promise<TableShape[]> {
  const { rows } =
    schemas === undefined
      ? await session.query(tablesQuery(OWN_SCHEMAS))
      : await session.query(tablesQuery('n.nspname = any ($1::text[])'), [schemas]);
  const tables = z
    .array(z.object({ table: z.string() }))
    .parse(rows)
    .map(({ table }) => QueriedTable.parse(JSON.parse(table)));
  return sortParentsFirst(tables);
}

/** A table as the query returns it: a partitioned table's bounds become a CHECK, and VALUE in a domain's CHECK becomes the column. */
const QueriedTable = TableShape.extend({ partitions: TableShape.shape.checks }).transform(
  ({ partitions, domainChecks, ...table }): TableShape => ({
    ...table,
    checks: [...table.checks, ...partitions],
    domainChecks: domainChecks.map(({ columns, expression, ...check }) => ({
      ...check,
      columns,
      expression: replaceValueKeyword(expression, columns[0] ?? ''),
    })),
  }),
);

/** Replaces VALUE, the name of the value in the CHECK of a domain, with the column; but not in string literals. */
function replaceValueKeyword(expression: string, column: string): string {
  return expression.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\bVALUE\b/g, (part) =>
    part === 'VALUE' ? quoted(column) : part,
  );
}

/** Sorts parents before their children. In a cycle of foreign keys, the table that comes first in `tables` comes last. */
function sortParentsFirst(tables: readonly TableShape[]): TableShape[] {
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
