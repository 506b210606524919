/** Values that drizzle-kit writes wrongly, or fails at. */
import { type Column, is, SQL } from 'drizzle-orm';
import { type AnyPgColumn, getTableConfig, PgArray, PgDialect, type PgTable } from 'drizzle-orm/pg-core';

import type { DatabaseDefinition } from '../../database-definition.ts';
import { nameOf } from '../seed/table-name.ts';
import { tablesIn } from '../seed/tables-in.ts';

/** One sentence for each, with SQL to write instead. */
export function findUnwritable({ schema }: DatabaseDefinition): string[] {
  return tablesIn(schema).flatMap((table) => [...defaultFaults(table), ...parameterFaults(table)]);
}

function defaultFaults(table: PgTable): string[] {
  return getTableConfig(table).columns.flatMap((column) => {
    const fault = defaultFault(column);
    return fault === undefined ? [] : [`The column ${nameOf(table)}.${column.name} ${fault}`];
  });
}

/** https://github.com/drizzle-team/drizzle-orm/issues/3609 is the first. */
function defaultFault(column: AnyPgColumn): string | undefined {
  const value: unknown = column.default;
  if (typeof value === 'bigint') {
    return `has a BigInt as its default, which drizzle-kit cannot write. Write it as SQL: .default(sql\`${value}\`).`;
  }
  if (is(column, PgArray) && Array.isArray(value) && value.some(hasQuote)) {
    return (
      'has a default array with a quote or a backslash in it, which drizzle-kit does not escape. Write it as SQL:' +
      ` .default(sql\`ARRAY['it''s']::${column.getSQLType()}\`).`
    );
  }
  if (column.dataType === 'json' && value !== undefined && !is(value, SQL) && hasApostrophe(value)) {
    return (
      'has a default with an apostrophe in its JSON, which drizzle-kit does not escape. Write it as SQL:' +
      ` .default(sql\`'{"key": "it''s"}'::${column.getSQLType()}\`).`
    );
  }
  return undefined;
}

function hasQuote(element: unknown): boolean {
  return Array.isArray(element) ? element.some(hasQuote) : typeof element === 'string' && /['"\\]/.test(element);
}

function hasApostrophe(value: unknown): boolean {
  return JSON.stringify(value).includes("'");
}

interface Expression {
  readonly owner: string;
  readonly sql: unknown;
}

/** drizzle-kit would write `$1` in the value's place: https://github.com/drizzle-team/drizzle-orm/issues/4661. */
function parameterFaults(table: PgTable): string[] {
  return expressionsOf(table)
    .filter(({ sql }) => is(sql, SQL) && new PgDialect().sqlToQuery(sql).params.length > 0)
    .map(
      ({ owner }) =>
        `${owner} of ${nameOf(table)} holds a value as a parameter, which no DDL can. Write it into the SQL: sql\`\${table.column} > 5\`,` +
        ' or sql.raw() for a value that is computed.',
    );
}

function expressionsOf(table: PgTable): Expression[] {
  const { columns, checks, indexes, policies } = getTableConfig(table);
  return [
    ...columns.flatMap((column) => [
      { owner: `The default of column ${column.name}`, sql: column.default },
      { owner: `The expression of column ${column.name}`, sql: generationOf(column) },
    ]),
    ...checks.map(({ name, value }) => ({ owner: `The CHECK ${name}`, sql: value })),
    ...indexes.flatMap(({ config }) =>
      [config.where, ...config.columns].map((sql) => ({ owner: `The index ${config.name ?? ''}`, sql })),
    ),
    ...policies.flatMap(({ name, using, withCheck }) =>
      [using, withCheck].map((sql) => ({ owner: `The policy ${name}`, sql })),
    ),
  ];
}

function generationOf({ generated }: Column): unknown {
  return typeof generated?.as === 'function' ? generated.as() : generated?.as;
}
