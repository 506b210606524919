/** Finds defaults that drizzle-kit writes as wrong literals. */
import { is, SQL } from 'drizzle-orm';
import { type AnyPgColumn, getTableConfig, PgArray, type PgTable } from 'drizzle-orm/pg-core';

import { nameOf } from '../seed/tables.ts';

/** Returns two sentences per fault: the column, and how to write its default. */
export function findUnwritableDefaults(table: PgTable): string[] {
  return getTableConfig(table).columns.flatMap((column) => {
    const fault = faultOf(column, column.default);
    if (fault === undefined) return [];
    const [defaultKind, example] = fault;
    return [
      `The column ${nameOf(table)}.${column.name} has ${defaultKind}, which drizzle-kit cannot write.` +
        ` Write it as SQL: .default(sql\`${example}\`).`,
    ];
  });
}

/** The kind of the default, and an example of such a default as SQL. Undefined if drizzle-kit writes the default correctly. */
function faultOf(column: AnyPgColumn, value: unknown): readonly [defaultKind: string, example: string] | undefined {
  const type = column.getSQLType();
  if (value === undefined || is(value, SQL)) return undefined;
  // https://github.com/drizzle-team/drizzle-orm/issues/3609
  if (typeof value === 'bigint') return ['a BigInt as its default', String(value)];
  if (is(column, PgArray) && containsQuote(value)) {
    return ['a default array with a quote or a backslash in it', `ARRAY['it''s']::${type}`];
  }
  if (column.dataType === 'json' && typeof value === 'string') {
    // drizzle-kit writes it as text and not as JSON.
    return ['a string as its JSON default', `'"text"'::${type}`];
  }
  if (column.dataType === 'json' && JSON.stringify(value).includes("'")) {
    return ['a default with an apostrophe in its JSON', `'{"key": "it''s"}'::${type}`];
  }
  if (/^(point|line)$/.test(type))
    return [`an object or a tuple as its default`, type === 'point' ? `'(1,2)'` : `'{1,2,3}'`];
  return undefined;
}

function containsQuote(element: unknown): boolean {
  return Array.isArray(element) ? element.some(containsQuote) : typeof element === 'string' && /['"\\]/.test(element);
}
