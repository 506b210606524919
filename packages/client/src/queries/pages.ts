/** Reads a list in pages. A page starts after the last id of the previous page, so every page costs the same. */
import { and, asc, desc, eq, getTableUniqueName, gt, lt, sql } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';

import { CursorError, decodeCursor, encodeCursor } from './cursor.ts';
import { canHold, readLookup, requireLookup } from './lookup-value.ts';
import { LIMIT_MAX, type Order, PageOptionError, type PageOptions } from './page-options.ts';
import { forReading, type Queryable } from './queryable.ts';
import { type AnyRow, columnOf, ownerCondition, ownerValues, type RowSet } from './row-set.ts';
import type { Build } from './statement.ts';
import { statementVariants } from './statement-variants.ts';

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** The cursor of the next page; undefined on the last page. */
  readonly nextCursor: string | undefined;
}

/**
 * Returns pages. `filters` are the keys of columns: if the options have a value for one, only rows with that value are listed.
 *
 * PostgreSQL plans each page again, for its owner. A prepared plan fits the average owner. For an owner with far more rows it would read
 * all their rows to return twenty: 6,700 table pages instead of 5, for 150,000 rows of a million.
 */
export function pagesOf(rows: RowSet, filters: readonly string[]) {
  const filtered = filters.map((key) => ({ key, column: columnOf(rows.table, key) }));
  for (const { column } of filtered) requireLookup(column);
  const statements = statementVariants<ListRequest, AnyRow>(undefined, (asked) => pageStatement(rows, asked));

  return async (db: Queryable, owner: unknown, options: PageOptions & AnyRow): Promise<Page<AnyRow>> => {
    const asked = readOptions(options, filtered);
    const values = ownerValues(rows, owner);
    if (values === undefined) return { rows: [], nextCursor: undefined };
    const list = [getTableUniqueName(rows.table), asked.order, String(owner)];
    const after = asked.cursor === undefined ? undefined : idAfter(rows.id, list, asked.cursor);
    for (const { key } of asked.filters) values[key] = String(options[key]);
    // Ask for one extra row, to know whether there is a next page.
    Object.assign(values, { [AFTER]: after, [LIMIT]: asked.limit + 1 });
    const found = await statements(variantId(asked), asked)(forReading(db), values);
    const page = found.slice(0, asked.limit);
    const hasMore = found.length > page.length;
    return { rows: page, nextCursor: hasMore ? encodeCursor(list, String(page.at(-1)?.[rows.idKey])) : undefined };
  };
}

interface ListRequest {
  readonly limit: number;
  readonly cursor: unknown;
  readonly order: Order;
  readonly filters: readonly Filter[];
}

interface Filter {
  readonly key: string;
  readonly column: PgColumn;
}

/** Reads and checks the options. A request may contain anything, whatever the types say. */
function readOptions(
  { limit = 20, cursor, order = 'newest', ...others }: PageOptions & AnyRow,
  filters: readonly Filter[],
): ListRequest {
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT_MAX)
    throw new PageOptionError('limit', `\`limit\` is a whole number from 1 to ${LIMIT_MAX}.`);
  if (typeof order !== 'string' || !Object.hasOwn(DIRECTIONS, order))
    throw new PageOptionError('order', '`order` is `newest` or `oldest`.');
  const unknown = Object.keys(others).find((key) => !filters.some((filter) => filter.key === key));
  if (unknown !== undefined) throw new PageOptionError(unknown, `A list has no option ${JSON.stringify(unknown)}.`);
  const used = filters.filter(({ key }) => others[key] !== undefined);
  const wrong = used.find(({ key, column }) => !canHold(column, others[key]));
  if (wrong !== undefined) throw new PageOptionError(wrong.key, `\`${wrong.key}\` is not a value of its column.`);
  return { limit, cursor, order, filters: used };
}

function idAfter(id: PgColumn, list: readonly string[], cursor: unknown): string {
  const lastId = decodeCursor(list, cursor);
  if (readLookup(id, lastId) === undefined) throw new CursorError();
  return lastId;
}

function variantId({ order, cursor, filters }: ListRequest): string {
  return [order, cursor !== undefined, ...filters.map(({ key }) => key)].join(' ');
}

/** Names of placeholders. A filter's placeholder is named by its key, which contains no space. */
const AFTER = 'the id after';
const LIMIT = 'the limit';

function pageStatement(rows: RowSet, { order, cursor, filters }: ListRequest): Build<AnyRow> {
  const { isAfter, orderBy } = DIRECTIONS[order];
  const condition = and(
    ownerCondition(rows),
    cursor === undefined ? undefined : isAfter(rows.id, sql.placeholder(AFTER)),
    ...filters.map(({ key, column }) => eq(column, sql.placeholder(key))),
  );
  return (db, name) =>
    db
      .select(rows.returned)
      .from(rows.table)
      .where(condition)
      .orderBy(orderBy(rows.id))
      .limit(sql.placeholder(LIMIT))
      .prepare(name);
}

const DIRECTIONS = {
  newest: { isAfter: lt, orderBy: desc },
  oldest: { isAfter: gt, orderBy: asc },
} as const satisfies Record<Order, unknown>;
