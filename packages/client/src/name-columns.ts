/** Names the columns of an application's tables in one way for Drizzle, for the queries and validators, and for the tools. */
import { Column, getTableColumns, getViewSelectedFields, is, Table, View } from 'drizzle-orm';
import { toCamelCase, toSnakeCase } from 'drizzle-orm/casing';

import type { AppSchema } from './app-schema.ts';

interface NamedColumn {
  name: string;
  /** Whether the code gives no name, so that the name is the key in the code. */
  keyAsName: boolean;
}

/**
 * Gives each column without an explicit name the name that `casing` derives from its key, in place. Drizzle itself derives these names
 * when it writes a query; here they are also needed where no query of Drizzle is written. A second call changes nothing.
 */
export function nameColumns({ schema, casing }: Pick<AppSchema, 'schema' | 'casing'>): void {
  if (casing === undefined) return;
  const nameOf = casing === 'snake_case' ? toSnakeCase : toCamelCase;
  for (const column of Object.values(schema).flatMap(columnsOf)) {
    if (!column.keyAsName) continue;
    column.name = nameOf(column.name);
    column.keyAsName = false;
  }
}

/** The columns of a view, or of a table: for queries, and for its indexes and constraints. Empty for anything else. */
function columnsOf(exported: unknown): NamedColumn[] {
  if (is(exported, View)) return Object.values(getViewSelectedFields(exported)).filter(isNamedColumn);
  if (!is(exported, Table)) return [];
  const ofConstraints = (exported as object as Record<symbol, object>)[CONSTRAINT_COLUMNS] ?? {};
  return [...Object.values(getTableColumns(exported)), ...Object.values(ofConstraints)].filter(isNamedColumn);
}

/** Where Drizzle keeps the columns that it passes to the function that declares indexes and constraints. */
const CONSTRAINT_COLUMNS = Symbol.for('drizzle:ExtraConfigColumns');

function isNamedColumn(column: unknown): column is NamedColumn {
  return is(column, Column);
}
