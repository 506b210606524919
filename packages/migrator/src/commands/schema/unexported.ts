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

/** An object that is used, its description, and its user. */
interface Use {
  readonly thing: unknown;
  readonly name: string;
  readonly by: string;
}

/** Returns one sentence per object, with one of its users. */
export function findUnexported({ schema, sources }: DatabaseDefinition): string[] {
  const exported = new Set(Object.values(schema));
  const schemas = new Set([...exported].flatMap((value) => (is(value, PgSchema) ? [value.schemaName] : [])));
  const missing = new Map<unknown, Use>();
  for (const use of [...exported].flatMap(usesOf)) {
    const isThere = typeof use.thing === 'string' ? schemas.has(use.thing) : exported.has(use.thing);
    if (!isThere && !isOthers(use.thing, schemas) && !missing.has(use.thing)) missing.set(use.thing, use);
  }
  const module = `${basename(sources)}/index.ts`;
  return [...missing.values()].map(
    ({ name, by }) => `${by} uses the ${name}, which is not exported: export it from ${module}.`,
  );
}

/** A table of a schema without any export: the provider creates this table, such as `neon_auth.users_sync`. */
function isOthers(thing: unknown, schemas: ReadonlySet<string>): boolean {
  const schema = is(thing, PgTable) ? getTableConfig(thing).schema : undefined;
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
      return { thing: foreignTable, name: `table ${nameOf(foreignTable)}`, by: `A foreign key of ${name}` };
    }),
  ];
}

function usesOfSchema(schema: string | undefined, by: string): Use[] {
  return schema === undefined || schema === 'public' ? [] : [{ thing: schema, name: `schema ${schema}`, by }];
}

function usesOfColumn(column: AnyPgColumn, by: string): Use[] {
  if (is(column, PgArray)) return usesOfColumn(column.baseColumn, by);
  const { enum: type } = column as { enum?: unknown };
  return isEnum(type) ? [{ thing: type, name: `enum ${type.enumName}`, by }] : [];
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
    if (is(chunk, PgTable)) return [{ thing: chunk, name: `table ${nameOf(chunk)}`, by }];
    if (!is(chunk, PgView)) return [];
    const { name, isExisting } = getViewConfig(chunk);
    return isExisting ? [] : [{ thing: chunk, name: `view ${name}`, by }];
  });
}
