/** Names the columns of an application's tables in one way for Drizzle, for the queries and validators, and for the tools. */
import { Column, getTableColumns, getTableName, getViewSelectedFields, is, Table, View } from 'drizzle-orm';
import { toCamelCase, toSnakeCase } from 'drizzle-orm/casing';
import { UniqueConstraintBuilder } from 'drizzle-orm/pg-core';

import type { Casing, Schema } from './app-schema.ts';
import { schemaExports } from './schema-exports.ts';

/**
 * Gives each column without an explicit name the name that `casing` derives from its key, in place. Drizzle itself derives these names
 * when it writes a query; here they are also needed where no query of Drizzle is written. A second call changes nothing.
 * @returns the parts of an `AppSchema`.
 * @throws {TypeError} for another value of `casing`, and for `export * as name from` in the schema.
 * @example
 * export const appSchema = { ...nameColumns(schema, 'snake_case'), constraintErrors } satisfies AppSchema<AppTables>;
 */
export function nameColumns<S extends Schema>(
  schema: S,
  casing: 'snake_case' | 'camelCase',
): { schema: S; casing: Casing } {
  if (casing !== 'snake_case' && casing !== 'camelCase') {
    throw new TypeError('`casing` must be snake_case or camelCase');
  }
  const nameOf = casing === 'snake_case' ? toSnakeCase : toCamelCase;
  for (const [, exported] of schemaExports(schema)) {
    const unnamed: Named[] = columnsOf(exported).filter(({ keyAsName }) => keyAsName);
    if (unnamed.length === 0) continue;
    if (is(exported, Table)) keepUniqueNames(exported);
    for (const column of unnamed) {
      column.name = nameOf(column.name);
      column.keyAsName = false;
    }
  }
  return { schema, casing: casing as Casing };
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
  if (!is(exported, Table)) return [];
  return [getTableColumns(exported), internalsOf(exported)[CONSTRAINT_COLUMNS]].flatMap(Object.values<Column>);
}

/** Keeps the default names of unique constraints: drizzle-kit derives them from the keys, also with `casing`. */
function keepUniqueNames(table: Table): void {
  const internals = internalsOf(table);
  const declare = internals[DECLARE_CONSTRAINTS];
  if (declare === undefined) return;
  internals[DECLARE_CONSTRAINTS] = (columns) => {
    const declared = declare(columns);
    const keyOf = (column: Column) => Object.keys(columns).find((key) => columns[key] === column);
    for (const part of Object.values(declared)) {
      if (isUnique(part)) part.name ??= `${getTableName(table)}_${part.columns.map(keyOf).join('_')}_unique`;
    }
    return declared;
  };
}

/** The fields of Drizzle's `UniqueConstraintBuilder`, which its type hides. */
interface Unique {
  readonly columns: readonly Column[];
  name: string | undefined;
}

function isUnique(part: object): part is Unique {
  return is(part, UniqueConstraintBuilder);
}

const CONSTRAINT_COLUMNS = Symbol.for('drizzle:ExtraConfigColumns');
const DECLARE_CONSTRAINTS = Symbol.for('drizzle:ExtraConfigBuilder');

interface TableInternals {
  /** The columns that `DECLARE_CONSTRAINTS` gets. */
  [CONSTRAINT_COLUMNS]: Record<string, Column>;
  /** The function that declares the table's indexes and constraints. */
  [DECLARE_CONSTRAINTS]?: (columns: Record<string, Column>) => Record<string, object>;
}

function internalsOf(table: object): TableInternals {
  return table as TableInternals;
}
