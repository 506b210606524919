/** Searches for values that satisfy conditions. PostgreSQL joins the candidate values of the columns and evaluates the conditions. */
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
const UNORDERED_MAX = 2_000_000;

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

/** Returns the conditions that no combination satisfies, even without the others; all conditions if there is no such condition. */
async function findUnsatisfied(whole: Search, conditions: readonly Condition[]): Promise<readonly Condition[]> {
  const unsatisfied: Condition[] = [];
  for (const condition of conditions.length > 1 ? conditions : []) {
    const found = await Promise.all(groupConditions([condition]).map((part) => searchPart(whole, part)));
    if (found.includes(undefined)) unsatisfied.push(condition);
  }
  return unsatisfied.length > 0 ? unsatisfied : conditions;
}

/**
 * Returns a value for each column of the part. Undefined if no combination satisfies its conditions. If there are too many combinations,
 * searches first those near the preferred values in order, then, with more values per column, in any order.
 */
async function searchPart(whole: Search, { columns, conditions }: Part): Promise<[string, Value][] | undefined> {
  const choices = whole.choices.filter(({ column }) => columns.has(column.name));
  const search = { ...whole, choices, conditions };
  if (countCombinations(choices) <= ORDERED_MAX) return findFirst(search, true);
  const matching = await filterByColumnConditions(search);
  return (
    (await findFirst({ ...search, choices: limitValues(matching, ORDERED_MAX) }, true)) ??
    (await findFirst({ ...search, choices: limitValues(matching, UNORDERED_MAX) }, false))
  );
}

/** Removes the values that do not satisfy the conditions on their column alone. */
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
  return choices.map((choice, index) => {
    const values = (found[index] ?? []).map((position) => itemAt(choice.values, position));
    return { ...choice, values };
  });
}

const countCombinations = (choices: readonly Choice[], length = Infinity): number =>
  choices.reduce((product, { values }) => product * Math.min(values.length, length), 1);

/** Limits the number of values per column, so that there are at most `max` combinations; but keeps three values per column. */
function limitValues(choices: readonly Choice[], max: number): Choice[] {
  let length = Math.max(1, ...choices.map(({ values }) => values.length));
  while (length > 3 && countCombinations(choices, length) > max) length -= 1;
  return choices.map((choice) => ({ ...choice, values: choice.values.slice(0, length) }));
}

/** Returns a combination that satisfies the conditions: if ordered, the one nearest to the preferred values. Undefined if there is none. */
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
  const areChosen = positions.map((position) => `${position} >= 0`);
  const where = [...areChosen, ...conditions.map(({ sql }) => sql)].join('\n and ');
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

/**
 * SQL of the values of a column as a table. Its first row, at position -1, is never chosen: it is a null of the column's type, so that
 * PostgreSQL gives this type to all values. Adds the values to the parameters of the statement.
 */
function valuesAsTable(table: TableShape, { column, values }: Choice, index: number, parameters: string[]): string {
  const name = quoted(column.name);
  const rows = values.map((value, position) => {
    if (value === null) return rowSql(position, position + LAST_RANK, 'null');
    if (value === DEFAULT) return rowSql(position, position + LAST_RANK, defaultSql(column));
    return rowSql(position, position, `$${parameters.push(value)}`);
  });
  return `(values ${[`(-1, 0, (null::${tableSql(table)}).${name})`, ...rows].join(', ')}) c${index}(position, rank, ${name})`;
}

/** Added to the rank of null and of the default, unless they are the preferred value: they are tried last. */
const LAST_RANK = 100_000;

/** The preferred value is at position 0, and its rank is 0. */
const rowSql = (position: number, rank: number, value: string): string =>
  `(${position}, ${position === 0 ? 0 : rank}, ${value})`;

/** The SQL of the default. `1` replaces nextval(), because the search must not advance a sequence. */
const defaultSql = ({ default: expression, hasSequence, type }: ColumnShape): string =>
  expression === undefined ? 'null' : hasSequence ? '1' : `cast(${expression} as ${type})`;

/** SQL that computes a generated column from the candidate values before it in FROM. */
const generatedSource = ({ generation, type, name }: ColumnShape, index: number): string =>
  `lateral (select cast(${generation ?? 'null'} as ${type})) g${index}(${quoted(name)})`;

function itemAt<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError(`There is no item ${index}.`);
  return item;
}
