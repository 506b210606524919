/** Finds expressions that drizzle-kit truncates, or in which it leaves a parameter, which DDL cannot have. */
import { type Column, is, SQL } from 'drizzle-orm';
import { getTableConfig, IndexedColumn, PgDialect, type PgTable } from 'drizzle-orm/pg-core';

import { nameOf } from '../seed/tables.ts';

export function findUnwritableExpressions(table: PgTable): string[] {
  const dialect = new PgDialect();
  const found = expressionsOf(table).flatMap(({ owner, sql, cutAt }) => {
    if (!is(sql, SQL)) return [];
    const { sql: text, params } = dialect.sqlToQuery(sql);
    const subject = `${owner} of ${nameOf(table)}`;
    if (params.length > 0) return [`${subject} ${HAS_PARAMETER}`];
    const cut = cutAt.find((separator) => text.includes(separator));
    return cut === undefined ? [] : [`${subject} has ${cut} in it, where drizzle-kit would truncate it. ${BY_HAND}`];
  });
  return [...found, ...descendingFaults(table)];
}

// https://github.com/drizzle-team/drizzle-orm/issues/4661
const HAS_PARAMETER =
  'has a parameter, which drizzle-kit writes as $1. Write the value into the SQL: sql`${table.column} > 5`,' +
  ' or by sql.raw() where it is computed.';

const BY_HAND =
  'Write it in another way, such as chr(59) for a semicolon; or as SQL in a migration: `pnpm db:generate --custom`.';

interface Expression {
  readonly owner: string;
  readonly sql: unknown;
  /** Separators that drizzle-kit uses between the parts of such an object in a snapshot. */
  readonly cutAt: readonly string[];
}

function expressionsOf(table: PgTable): Expression[] {
  const { columns, checks, indexes, policies } = getTableConfig(table);
  return [
    ...columns.flatMap((column) => [
      { owner: `The default of column ${column.name}`, sql: column.default, cutAt: [] },
      { owner: `The expression of column ${column.name}`, sql: generationOf(column), cutAt: [] },
    ]),
    ...checks.map(({ name, value }) => ({ owner: `The CHECK ${name}`, sql: value, cutAt: [';'] })),
    ...indexes.flatMap(({ config }) =>
      [config.where, ...config.columns].map((sql) => ({
        owner: `The index ${config.name ?? ''}`,
        sql,
        cutAt: [';', '--'],
      })),
    ),
    ...policies.flatMap(({ name, using, withCheck }) =>
      [using, withCheck].map((sql) => ({ owner: `The policy ${name}`, sql, cutAt: ['--'] })),
    ),
  ];
}

function generationOf({ generated }: Column): unknown {
  return typeof generated?.as === 'function' ? generated.as() : generated?.as;
}

function descendingFaults(table: PgTable): string[] {
  return getTableConfig(table).indexes.flatMap(({ config: { name = '', columns } }) =>
    columns.some(
      (column) => is(column, IndexedColumn) && column.indexConfig.order === 'desc' && column.indexConfig.opClass,
    )
      ? [
          `The index ${name} of ${nameOf(table)} has a column with .desc() and .op(), and drizzle-kit writes only .op().` +
            ' Write it as SQL: .on(sql`${table.column} text_pattern_ops DESC`).',
        ]
      : [],
  );
}
