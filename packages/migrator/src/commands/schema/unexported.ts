/** Finds objects that tables and views use and that the schema module does not export: drizzle-kit writes no CREATE for these. */
import { basename } from 'node:path';

import { is, SQL } from 'drizzle-orm';
import {
  type AnyPgColumn,
  getMaterializedViewConfig,
  getTableConfig,
  getViewConfig,
  isPgEnum,
  PgArray,
  PgMaterializedView,
  type PgEnum,
  PgSchema,
  PgTable,
  PgView,
} from 'drizzle-orm/pg-core';

import type { DatabaseDefinition } from '../../database-definition.ts';
import { nameOf } from '../seed/tables.ts';

/** An object that another one uses. */
interface Use {
  /** The object of Drizzle; for a schema, its name. */
  readonly object: unknown;
  readonly name: string;
  /** The user, such as `The view open_todos`. */
  readonly by: string;
}

/** Returns one sentence per object that is not exported, with one of its users. */
export function findUnexported({ schema, sources }: DatabaseDefinition): string[] {
  const exported = new Set(Object.values(schema));
  const schemas = new Set([...exported].flatMap((value) => (is(value, PgSchema) ? [value.schemaName] : [])));
  const missing = new Map<unknown, Use>();
  for (const use of [...exported].flatMap(usesOf)) {
    const isExported = typeof use.object === 'string' ? schemas.has(use.object) : exported.has(use.object);
    if (!isExported && !isExternalTable(use.object, schemas) && !missing.has(use.object)) missing.set(use.object, use);
  }
  const module = `${basename(sources)}/index.ts`;
  return [...missing.values()].map(
    ({ name, by }) => `${by} uses the ${name}, which is not exported: export it from ${module}.`,
  );
}

/** Whether the object is a table in a schema that is not exported: the provider creates such a table, for example `neon_auth.users_sync`. */
function isExternalTable(object: unknown, schemas: ReadonlySet<string>): boolean {
  const schema = is(object, PgTable) ? getTableConfig(object).schema : undefined;
  return schema !== undefined && !schemas.has(schema);
}

function usesOf(value: unknown): Use[] {
  if (is(value, PgTable)) return usesOfTable(value);
  if (is(value, PgView)) return usesOfView(getViewConfig(value));
  if (is(value, PgMaterializedView)) return usesOfView(getMaterializedViewConfig(value));
  if (isEnum(value)) return usesOfSchema(value.schema, `The enum ${value.enumName}`);
  return [];
}

function usesOfTable(table: PgTable): Use[] {
  const { columns, foreignKeys, schema } = getTableConfig(table);
  const name = nameOf(table);
  return [
    ...usesOfSchema(schema, `The table ${name}`),
    ...columns.flatMap((column) => usesOfColumn(column, `The column ${name}.${column.name}`)),
    ...foreignKeys.map(({ reference }) => {
      const { foreignTable } = reference();
      return { object: foreignTable, name: `table ${nameOf(foreignTable)}`, by: `A foreign key of ${name}` };
    }),
  ];
}

function usesOfSchema(schema: string | undefined, by: string): Use[] {
  return schema === undefined || schema === 'public' ? [] : [{ object: schema, name: `schema ${schema}`, by }];
}

function usesOfColumn(column: AnyPgColumn, by: string): Use[] {
  if (is(column, PgArray)) return usesOfColumn(column.baseColumn, by);
  const { enum: type } = column as { enum?: unknown };
  return isEnum(type) ? [{ object: type, name: `enum ${type.enumName}`, by }] : [];
}

function isEnum(value: unknown): value is PgEnum<[string, ...string[]]> {
  return typeof value === 'function' && isPgEnum(value);
}

interface ViewParts {
  readonly name: string;
  readonly schema: string | undefined;
  readonly query: SQL | undefined;
}

function usesOfView({ name, schema, query }: ViewParts): Use[] {
  const by = `The view ${name}`;
  return [...usesOfSchema(schema, by), ...(query === undefined ? [] : usesOfSql(query, by))];
}

function usesOfSql({ queryChunks }: SQL, by: string): Use[] {
  return queryChunks.flatMap((chunk): Use[] => {
    if (is(chunk, SQL)) return usesOfSql(chunk, by);
    if (is(chunk, PgTable)) return [{ object: chunk, name: `table ${nameOf(chunk)}`, by }];
    if (!is(chunk, PgView)) return [];
    const { name, isExisting } = getViewConfig(chunk);
    return isExisting ? [] : [{ object: chunk, name: `view ${name}`, by }];
  });
}
