/** Searches for values that satisfy conditions. PostgreSQL joins the candidate values of the columns and evaluates the expressions. */
import { z } from 'zod';

import type { Session } from '@todo/client/session';
import { quoted } from '../catalog/quoted.ts';
import type { Choice } from './choice.ts';
import type { Condition } from './conditions.ts';
import { type Part, groupConditions } from './group-conditions.ts';
import { tableSql } from './insert-values.ts';
import { toRowError, type RowError } from './row-error.ts';
import type { ColumnShape, TableShape } from './table-shape.ts';
import { DEFAULT, type Value } from './value.ts';

/** The maximal number of combinations that are searched in order, and of those that are searched in any order. */
const ORDERED_MAX = 20_000;
const TRIED_MAX = 2_000_000;

export type Found = { readonly values: ReadonlyMap<string, Value> } | { readonly unsatisfied: readonly Condition[] };

interface Search {
  readonly session: Session;
  readonly table: TableShape;
  readonly choices: readonly Choice[];
  readonly conditions: readonly Condition[];
}

/**
 * Returns a value for each column of the conditions, or the conditions that no combination satisfies.
 * @throws {SearchFailure}
 */
export async function searchValues(whole: Search): Promise<Found> {
  const values = new Map<string, Value>();
  for (const part of groupConditions(whole.conditions)) {
    const found = await searchPart(whole, part).catch((error: unknown) => {
      throw new SearchFailure(toRowError(whole.table, error), part.conditions);
    });
    if (found === undefined) return { unsatisfied: await findUnsatisfied(whole, part.conditions) };
    for (const [name, value] of found) values.set(name, value);
  }
  return { values };
}

/** An expression raises an error for some value, such as a division by zero or an invalid cast. */
export class SearchFailure extends Error {
  override readonly cause: RowError;
  readonly conditions: readonly Condition[];

  constructor(cause: RowError, conditions: readonly Condition[]) {
    super(cause.message);
    this.cause = cause;
    this.conditions = conditions;
  }
}

/** The conditions that cannot be satisfied alone; all conditions if each alone can. */
async function findUnsatisfied(whole: Search, conditions: readonly Condition[]): Promise<readonly Condition[]> {
  const alone: Condition[] = [];
  for (const condition of conditions.length > 1 ? conditions : []) {
    const found = await Promise.all(groupConditions([condition]).map((part) => searchPart(whole, part)));
    if (found.includes(undefined)) alone.push(condition);
  }
  return alone.length > 0 ? alone : conditions;
}

/** Searches first the combinations nearest to the preferred values, then, with more values, any combination. */
async function searchPart(whole: Search, { columns, conditions }: Part): Promise<[string, Value][] | undefined> {
  const choices = whole.choices.filter(({ column }) => columns.has(column.name));
  const all = { ...whole, choices, conditions };
  if (combinationsOf(choices) <= ORDERED_MAX) return findFirst(all, true);
  const fit = await filterByColumnConditions(all);
  return (
    (await findFirst({ ...all, choices: limitValues(fit, ORDERED_MAX) }, true)) ??
    (await findFirst({ ...all, choices: limitValues(fit, TRIED_MAX) }, false))
  );
}

/** Keeps the values that pass the conditions on this column alone. */
async function filterByColumnConditions({ session, table, choices, conditions }: Search): Promise<Choice[]> {
  const parameters: string[] = [];
  const lists = choices.map((choice, index) => {
    const columnConditions = conditions.filter(({ columns }) => columns.every((name) => name === choice.column.name));
    const where = [`c${index}.position >= 0`, ...columnConditions.map(({ sql }) => sql)].join(' and ');
    return `coalesce((select json_agg(c${index}.position order by c${index}.position)
      from ${valuesAsTable(table, choice, index, parameters)} where ${where}), '[]'::json)`;
  });
  const { rows } = await session.query(`select json_build_array(${lists.join(', ')})::text as found`, parameters);
  const found = Lists.parse(rows)[0]?.found ?? [];
  return choices.map(({ column, values, isFresh }, index) => ({
    column,
    isFresh,
    values: (found[index] ?? []).map((position) => itemAt(values, position)),
  }));
}

const combinationsOf = (choices: readonly Choice[], length = Infinity): number =>
  choices.reduce((product, { values }) => product * Math.min(values.length, length), 1);

/** Limits the number of values per column, so that there are at most `max` combinations. */
function limitValues(choices: readonly Choice[], max: number): Choice[] {
  let length = Math.max(1, ...choices.map(({ values }) => values.length));
  while (length > 3 && combinationsOf(choices, length) > max) length -= 1;
  return choices.map(({ column, values, isFresh }) => ({ column, isFresh, values: values.slice(0, length) }));
}

/** Returns the first combination that satisfies the conditions. */
async function findFirst(
  { session, table, choices, conditions }: Search,
  isOrdered: boolean,
): Promise<[string, Value][] | undefined> {
  const parameters: string[] = [];
  const sources = choices.map((choice, index) => valuesAsTable(table, choice, index, parameters));
  const generated = table.columns.filter(({ generation }) => generation !== undefined);
  const usedColumns = generated.filter(({ name }) => conditions.some(({ columns }) => columns.includes(name)));
  const from = [...sources, ...usedColumns.map((column, index) => generatedSource(column, index))].join(' cross join ');
  const positions = choices.map((_, index) => `c${index}.position`);
  const where = [...positions.map((position) => `${position} >= 0`), ...conditions.map(({ sql }) => sql)].join(
    '\n and ',
  );
  const ranks = choices.map((_, index) => `c${index}.rank`);
  const order = isOrdered ? ` order by ${ranks.join(' + ')}, ${positions.join(', ')}` : '';
  const { rows } = await session.query(
    `select json_build_array(${positions.join(', ')})::text as found from ${from} where ${where}${order} limit 1`,
    parameters,
  );
  const [row] = Rows.parse(rows);
  return row?.found.map((position, index) => {
    const { column, values } = itemAt(choices, index);
    return [column.name, itemAt(values, position)];
  });
}

const Json = z.string().transform((text): unknown => JSON.parse(text));
const Rows = z.array(z.object({ found: Json.pipe(z.array(z.number())) }));
const Lists = z.array(z.object({ found: Json.pipe(z.array(z.array(z.number()))) }));

/** The values of a column as a table. Its first row is never chosen: it gives the values the column's type without naming that type. */
function valuesAsTable(table: TableShape, { column, values }: Choice, index: number, parameters: string[]): string {
  const name = quoted(column.name);
  const rows = values.map((value, position) => {
    if (value === null) return rowSql(position, LAST_RANK, 'null');
    if (value === DEFAULT) return rowSql(position, LAST_RANK, defaultSql(column));
    return rowSql(position, 0, `$${parameters.push(value)}`);
  });
  return `(values ${[`(-1, 0, (null::${tableSql(table)}).${name})`, ...rows].join(', ')}) c${index}(position, rank, ${name})`;
}

/** The rank of null and of the default, unless they are the preferred value: they are tried last. */
const LAST_RANK = 100_000;

const rowSql = (position: number, distance: number, value: string): string =>
  `(${position}, ${position === 0 ? 0 : position + distance}, ${value})`;

/** The SQL of the default, except nextval(): the search must not advance a sequence. */
const defaultSql = ({ default: expression, hasSequence, type }: ColumnShape): string =>
  expression === undefined ? 'null' : hasSequence ? '1' : `cast(${expression} as ${type})`;

const generatedSource = ({ generation, type, name }: ColumnShape, index: number): string =>
  `lateral (select cast(${generation ?? 'null'} as ${type})) g${index}(${quoted(name)})`;

function itemAt<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError(`There is no item ${index}.`);
  return item;
}
