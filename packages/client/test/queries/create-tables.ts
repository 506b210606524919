/** Creates tables from Drizzle definitions, as far as the tests of queries need. */
import { is, SQL, sql } from 'drizzle-orm';
import {
  getTableConfig,
  PgArray,
  type PgColumn,
  PgDialect,
  type PgEnum,
  PgEnumColumn,
  type PgTable,
} from 'drizzle-orm/pg-core';

import { query } from '../query.ts';

export async function createTables(url: string, ...tables: readonly PgTable[]): Promise<void> {
  const configs = tables.map((table) => getTableConfig(table));
  const schemas = new Set(configs.map(({ schema }) => schema).filter((name) => name !== undefined));
  const enums = new Set(configs.flatMap(({ columns }) => columns.map(enumOf).filter((found) => found !== undefined)));
  const statements = [
    ...Array.from(schemas, (name) => sql`create schema ${sql.identifier(name)}`),
    ...Array.from(
      enums,
      (found) =>
        sql`create type ${nameOf(found)} as enum (${sql.join(
          found.enumValues.map((label: string) => sql`${label}`),
          sql`, `,
        )})`,
    ),
    ...tables.map(
      (table) => sql`create table ${table} (${sql.join(getTableConfig(table).columns.map(definition), sql`, `)})`,
    ),
    ...configs
      .flatMap(({ foreignKeys }) => foreignKeys)
      .map((key) => {
        const { columns, foreignTable } = key.reference();
        const names = sql.join(
          columns.map(({ name }) => sql.identifier(name)),
          sql`, `,
        );
        return sql`alter table ${key.table} add constraint ${sql.identifier(key.getName())} foreign key (${names}) references ${foreignTable}`;
      }),
  ];
  const dialect = new PgDialect();
  await query(url, ...statements.map((statement) => dialect.sqlToQuery(statement.inlineParams()).sql));
}

type Enum = Pick<PgEnum<[string, ...string[]]>, 'enumName' | 'enumValues' | 'schema'>;

function enumOf(column: PgColumn): Enum | undefined {
  if (is(column, PgArray)) return enumOf(column.baseColumn);
  return is(column, PgEnumColumn) ? column.enum : undefined;
}

function nameOf({ enumName, schema }: Enum): SQL {
  return schema === undefined
    ? sql`${sql.identifier(enumName)}`
    : sql`${sql.identifier(schema)}.${sql.identifier(enumName)}`;
}

function definition(column: PgColumn): SQL {
  const { generated, generatedIdentity, default: value } = column;
  const type = enumOf(column)
    ? sql`${nameOf(enumOf(column)!)}${sql.raw(is(column, PgArray) ? '[]' : '')}`
    : sql.raw(column.getSQLType());
  const parts = [sql`${sql.identifier(column.name)} ${type}`];
  if (column.primary) parts.push(sql`primary key`);
  if (column.notNull) parts.push(sql`not null`);
  if (generatedIdentity)
    parts.push(sql.raw(`generated ${generatedIdentity.type === 'always' ? 'always' : 'by default'} as identity`));
  if (generated)
    parts.push(sql`generated always as (${typeof generated.as === 'function' ? generated.as() : generated.as}) stored`);
  if (value !== undefined) parts.push(sql`default ${value}`);
  return sql.join(parts, sql` `);
}
