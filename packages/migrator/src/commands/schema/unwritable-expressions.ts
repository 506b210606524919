/** Finds SQL expressions that drizzle-kit writes wrongly: truncated, with a parameter, which DDL cannot have, or without DESC. */
import { type Column, is, SQL } from 'drizzle-orm';
import { getTableConfig, IndexedColumn, PgDialect, type PgTable } from 'drizzle-orm/pg-core';

import { nameOf } from '../seed/tables.ts';

/** Returns two or three sentences per fault: the expression, and another way to write it. */
export function findUnwritableExpressions(table: PgTable): string[] {
  const dialect = new PgDialect();
  const found = expressionsOf(table).flatMap(({ name, sql, separators }) => {
    if (!is(sql, SQL)) return [];
    const { sql: text, params } = dialect.sqlToQuery(sql);
    const subject = `${name} of ${nameOf(table)}`;
    if (params.length > 0) return [`${subject} ${HAS_PARAMETER}`];
    const separator = separators.find((characters) => text.includes(characters));
    if (separator === undefined) return [];
    const otherWay = separator === ';' ? 'Write it as chr(59)' : 'Write the expression in another way';
    return [
      `An expression of ${subject.replace(/^The/, 'the')} contains \`${separator}\`. drizzle-kit would cut the expression off there. ` +
        `${otherWay}, or as SQL in a migration: \`pnpm db:generate --custom\`.`,
    ];
  });
  return [...found, ...descendingFaults(table)];
}

// https://github.com/drizzle-team/drizzle-orm/issues/4661
const HAS_PARAMETER =
  'has a parameter, which drizzle-kit writes as $1. Write the value into the SQL: sql`${table.column} > 5`,' +
  ' or by sql.raw() where it is computed.';

interface Expression {
  readonly name: string;
  readonly sql: unknown;
  /** drizzle-kit writes these characters between the parts of such an object in a snapshot, and truncates an expression at them. */
  readonly separators: readonly string[];
}

function expressionsOf(table: PgTable): Expression[] {
  const { columns, checks, indexes, policies } = getTableConfig(table);
  return [
    ...columns.flatMap((column) => [
      { name: `The default of column ${column.name}`, sql: column.default, separators: [] },
      { name: `The expression of column ${column.name}`, sql: generationOf(column), separators: [] },
    ]),
    ...checks.map(({ name, value }) => ({ name: `The CHECK ${name}`, sql: value, separators: [';'] })),
    ...indexes.flatMap(({ config }) =>
      [config.where, ...config.columns].map((sql) => ({
        name: `The index ${config.name ?? ''}`,
        sql,
        separators: [';', '--'],
      })),
    ),
    ...policies.flatMap(({ name, using, withCheck }) =>
      [using, withCheck].map((sql) => ({ name: `The policy ${name}`, sql, separators: ['--'] })),
    ),
  ];
}

function generationOf({ generated }: Column): unknown {
  return typeof generated?.as === 'function' ? generated.as() : generated?.as;
}

/** Faults in index columns with both a descending order and an operator class. */
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
