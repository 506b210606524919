/** The tables that the code defines, with keys and indexes, under their names in the database. Checks are generated from these. */
import type { AppSchema } from '@todo/client';
import { quoted } from '@todo/migrator/catalog';
import { type Column, getTableColumns, is, SQL } from 'drizzle-orm';
import { type ForeignKey, getTableConfig, type PgColumn, PgTable } from 'drizzle-orm/pg-core';

import type { Subject } from './check.ts';
import { primaryKeyName, storedName } from './stored-name.ts';

export interface CodeTable {
  /** The export name of the table. */
  readonly key: string;
  readonly table: PgTable;
  readonly schema: string;
  readonly name: string;
  /** Columns by their keys in the code. */
  readonly columns: Readonly<Record<string, Column>>;
  readonly uniqueKeys: readonly CodeKey[];
  readonly foreignKeys: readonly CodeForeignKey[];
  /** Indexes that are not unique. */
  readonly indexes: readonly CodeKey[];
}

/** A primary key, a unique constraint or an index. */
export interface CodeKey {
  readonly name: string;
  /** Names of columns, in the order of the key. Undefined for a key on an expression. */
  readonly columns: readonly string[] | undefined;
  /** Whether the key has a predicate. */
  readonly isPartial: boolean;
  readonly method: string;
}

export interface CodeForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly references: { readonly schema: string; readonly name: string; readonly columns: readonly string[] };
  /** Default `no action`. */
  readonly onDelete: string;
}

/** The tables that a schema exports, each once, in the order of the exports. */
export function codeTables({ schema }: Pick<AppSchema, 'schema'>): CodeTable[] {
  const entries = Object.entries(schema).filter((entry): entry is [string, PgTable] => is(entry[1], PgTable));
  return entries.filter(([, table], index) => entries.findIndex((other) => other[1] === table) === index).map(toTable);
}

/** The name of a table for messages: without the schema `public`. */
export function displayName({ schema = 'public', name }: { readonly schema?: string; readonly name: string }): string {
  return schema === 'public' ? name : `${schema}.${name}`;
}

/** The quoted name of a table for SQL, with its schema. */
export function qualifiedName({ schema, name }: Pick<CodeTable, 'schema' | 'name'>): string {
  return `${schema === 'public' ? schema : quoted(schema)}.${quoted(name)}`;
}

/** The subject of a finding about the table or a part of it. */
export function subjectOf({ schema, name: table }: Pick<CodeTable, 'schema' | 'name'>, name?: string): Subject {
  return { ...(schema !== 'public' && { schema }), table, ...(name !== undefined && { name }) };
}

/** Whether the column is NOT NULL. Drizzle does not mark the columns of a composite primary key. */
export function isNotNull({ table }: Pick<CodeTable, 'table'>, column: Column): boolean {
  return (
    column.notNull ||
    getTableConfig(table).primaryKeys.some(({ columns }) => columns.some(({ name }) => name === column.name))
  );
}

function toTable([key, table]: [string, PgTable]): CodeTable {
  const {
    schema = 'public',
    name,
    columns,
    indexes,
    uniqueConstraints,
    primaryKeys,
    foreignKeys,
  } = getTableConfig(table);
  const allIndexes = indexes.map(({ config }) => ({
    isUnique: config.unique,
    // If the code names no index, drizzle-kit generates this name.
    name: storedName(config.name ?? [name, ...config.columns.map(nameOf), 'index'].join('_')),
    columns: config.columns.every((column) => !is(column, SQL)) ? config.columns.map(nameOf) : undefined,
    isPartial: config.where !== undefined,
    method: config.method ?? 'btree',
  }));
  return {
    key,
    table,
    schema,
    name: storedName(name),
    columns: getTableColumns(table),
    uniqueKeys: [
      ...columns.filter(({ primary }) => primary).map((column) => toKey(primaryKeyName(name), [column])),
      ...primaryKeys.map((each) => toKey(each.getName(), each.columns)),
      ...columns.filter(isUniqueColumn).map((column) => toKey(column.uniqueName, [column])),
      ...uniqueConstraints.map((each) => toKey(each.getName() ?? '', each.columns)),
      ...allIndexes.filter(({ isUnique }) => isUnique),
    ],
    foreignKeys: foreignKeys.map(toForeignKey),
    indexes: allIndexes.filter(({ isUnique }) => !isUnique),
  };
}

function toForeignKey(foreignKey: ForeignKey): CodeForeignKey {
  const { columns, foreignTable, foreignColumns } = foreignKey.reference();
  const { schema = 'public', name } = getTableConfig(foreignTable);
  return {
    name: storedName(foreignKey.getName()),
    columns: columns.map(nameOf),
    references: { schema, name: storedName(name), columns: foreignColumns.map(nameOf) },
    onDelete: foreignKey.onDelete ?? 'no action',
  };
}

/** A primary key or unique constraint. Its index is never partial, and always a B-tree. */
function toKey(name: string, columns: readonly Column[]): CodeKey {
  return { name: storedName(name), columns: columns.map(nameOf), isPartial: false, method: 'btree' };
}

/** Whether the column has `.unique()`. Drizzle's type lacks `uniqueName`. */
function isUniqueColumn(column: PgColumn): column is PgColumn & { readonly uniqueName: string } {
  return column.isUnique && typeof column.uniqueName === 'string';
}

/** The name of a column as PostgreSQL stores it. */
function nameOf(column: unknown): string {
  return storedName(String(Object(column).name));
}
