/** Names the columns of an application's tables in one way for Drizzle, for the queries and validators, and for the tools. */
import { Column, getTableColumns, getViewSelectedFields, is, View } from 'drizzle-orm';
import { toCamelCase, toSnakeCase } from 'drizzle-orm/casing';
import { getTableConfig, PgTable, UniqueConstraintBuilder } from 'drizzle-orm/pg-core';

import type { AppSchema } from './app-schema.ts';

/**
 * Gives each column without an explicit name the name that `casing` derives from its key, in place. Drizzle itself derives these names
 * when it writes a query; here they are also needed where no query of Drizzle is written. A second call changes nothing.
 */
export function nameColumns({ schema, casing }: Pick<AppSchema, 'schema' | 'casing'>): void {
  if (casing === undefined) return;
  const nameOf = casing === 'snake_case' ? toSnakeCase : toCamelCase;
  for (const exported of Object.values(schema)) {
    const unnamed: Named[] = columnsOf(exported).filter(({ keyAsName }) => keyAsName);
    if (unnamed.length === 0) continue;
    if (is(exported, PgTable)) keepUniqueNames(exported);
    for (const column of unnamed) {
      column.name = nameOf(column.name);
      column.keyAsName = false;
    }
  }
}

/** The part of a column that Drizzle declares read-only. */
interface Named {
  name: string;
  /** Whether the code gives no name, so that the name is the key in the code. */
  keyAsName: boolean;
}

/** The columns of a view, or of a table: for queries, and for its indexes and constraints. Empty for anything else. */
function columnsOf(exported: unknown): Column[] {
  if (is(exported, View)) return Object.values(getViewSelectedFields(exported)).filter((field) => is(field, Column));
  if (!is(exported, PgTable)) return [];
  return [
    ...Object.values(getTableColumns(exported)),
    ...Object.values(internalsOf(exported)[CONSTRAINT_COLUMNS] ?? {}),
  ];
}

/** Keeps the default names of unique constraints: drizzle-kit derives them from the keys, also with `casing`. */
function keepUniqueNames(table: PgTable): void {
  const names = getTableConfig(table).uniqueConstraints.map((constraint) => constraint.getName());
  const internals = internalsOf(table);
  const declare = internals[DECLARE_CONSTRAINTS];
  if (declare === undefined || names.length === 0) return;
  internals[DECLARE_CONSTRAINTS] = (columns) => {
    const declared = declare(columns);
    const uniques = Object.values(declared).filter((part) => is(part, UniqueConstraintBuilder));
    for (const [index, builder] of uniques.entries()) Object.assign(builder, { name: names[index] });
    return declared;
  };
}

const CONSTRAINT_COLUMNS = Symbol.for('drizzle:ExtraConfigColumns');
const DECLARE_CONSTRAINTS = Symbol.for('drizzle:ExtraConfigBuilder');

interface TableInternals {
  /** The columns that `DECLARE_CONSTRAINTS` gets. */
  [CONSTRAINT_COLUMNS]?: Record<string, Column>;
  /** The function that declares the table's indexes and constraints. */
  [DECLARE_CONSTRAINTS]?: (columns: Record<string, Column>) => object;
}

function internalsOf(table: object): TableInternals {
  return table;
}
