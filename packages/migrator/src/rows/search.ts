/** Searches values that satisfy conditions: PostgreSQL joins the columns' values and evaluates its own expressions. */
import { z } from 'zod';

import type { Session } from '@todo/client/session';
import { quoted } from '../catalog/quoted.ts';
import { type Choice, DEFAULT, type Value } from './choice.ts';
import type { Condition } from './conditions.ts';
import { tableSql } from './plain-insert.ts';
import type { ColumnShape, TableShape } from './table-shape.ts';

/** Combinations that are put in order, and looked through until one fits. */
const ORDERED_MAX = 20_000;
const TRIED_MAX = 2_000_000;

/**
 * For each column of the conditions the value to use.
 * @returns undefined when no combination satisfies all conditions.
 */
export async function search(
  session: Session,
  table: TableShape,
  choices: readonly Choice[],
  conditions: readonly Condition[],
): Promise<Map<string, Value> | undefined> {
  const found = new Map<string, Value>();
  for (const part of partsOf(table, conditions)) {
    const concerned = choices.filter(({ column }) => part.columns.has(column.name));
    const values =
      (await searchPart(session, table, limited(concerned, ORDERED_MAX), part.conditions, true)) ??
      (await searchPart(session, table, limited(concerned, TRIED_MAX), part.conditions, false));
    if (values === undefined) return undefined;
    for (const [name, value] of values) found.set(name, value);
  }
  return found;
}

interface Part {
  readonly columns: Set<string>;
  readonly conditions: Condition[];
}

/** Conditions that share a column are searched together. */
function partsOf(table: TableShape, conditions: readonly Condition[]): Part[] {
  let parts: Part[] = [];
  for (const condition of conditions) {
    const columns = new Set(condition.columns.flatMap((name) => [name, ...sourcesOf(table, name)]));
    const isTogether = (part: Part): boolean => [...columns].some((name) => part.columns.has(name));
    const together = parts.filter(isTogether);
    parts = [
      ...parts.filter((part) => !isTogether(part)),
      {
        columns: new Set([...columns, ...together.flatMap((part) => [...part.columns])]),
        conditions: [...together.flatMap((part) => part.conditions), condition],
      },
    ];
  }
  return parts;
}

/** The columns that a generated column is made of. */
function sourcesOf({ columns }: TableShape, name: string): string[] {
  const generation = columns.find((column) => column.name === name)?.generation;
  return generation === undefined
    ? []
    : columns.map((column) => column.name).filter((other) => mentions(generation, other));
}

function mentions(expression: string, name: string): boolean {
  const names = expression.replaceAll(/'(?:[^']|'')*'/g, '').match(/"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [];
  return names.some((found) => found === name || found === quoted(name));
}

/** The columns with fewer values each, so that there are no more combinations than `max`. */
function limited(choices: readonly Choice[], max: number): Choice[] {
  const combinations = (length: number): number =>
    choices.reduce((product, { values }) => product * Math.min(values.length, length), 1);
  let length = Math.max(1, ...choices.map(({ values }) => values.length));
  while (length > 3 && combinations(length) > max) length -= 1;
  return choices.map((choice) => ({ ...choice, values: choice.values.slice(0, length) }));
}

async function searchPart(
  session: Session,
  table: TableShape,
  choices: readonly Choice[],
  conditions: readonly Condition[],
  isOrdered: boolean,
): Promise<[string, Value][] | undefined> {
  const parameters: string[] = [];
  const sources = choices.map((choice, index) => source(table, choice, index, parameters));
  const generated = table.columns.filter(({ generation }) => generation !== undefined);
  const concerned = generated.filter(({ name }) => conditions.some(({ columns }) => columns.includes(name)));
  const from = [...sources, ...concerned.map((column, index) => generatedSource(column, index))].join(' cross join ');
  const positions = choices.map((_, index) => `c${index}.position`);
  const where = [...positions.map((position) => `${position} >= 0`), ...conditions.map(({ sql }) => sql)].join(
    '\n and ',
  );
  const order = isOrdered ? ` order by ${positions.join(' + ')}, ${positions.join(', ')}` : '';
  const { rows } = await session.query(
    `select json_build_array(${positions.join(', ')})::text as found from ${from} where ${where}${order} limit 1`,
    parameters,
  );
  const [row] = Rows.parse(rows);
  return row?.found.map((position, index) => {
    const { column, values } = at(choices, index);
    return [column.name, at(values, position)];
  });
}

const Rows = z.array(
  z.object({
    found: z
      .string()
      .transform((text): unknown => JSON.parse(text))
      .pipe(z.array(z.number())),
  }),
);

/** A column's values as a table. Its first row is never chosen: it gives the others the column's type, without naming it. */
function source(table: TableShape, { column, values }: Choice, index: number, parameters: string[]): string {
  const name = quoted(column.name);
  const rows = values.map((value, position) => {
    if (value === null) return `(${position}, null)`;
    if (value === DEFAULT) return `(${position}, ${defaultSql(column)})`;
    return `(${position}, $${parameters.push(value)})`;
  });
  return `(values ${[`(-1, (null::${tableSql(table)}).${name})`, ...rows].join(', ')}) c${index}(position, ${name})`;
}

/** A sequence's next value is not taken for a trial. */
const defaultSql = ({ default: expression, hasSequence, type }: ColumnShape): string =>
  expression === undefined ? 'null' : hasSequence ? '1' : `cast(${expression} as ${type})`;

const generatedSource = ({ generation, type, name }: ColumnShape, index: number): string =>
  `lateral (select cast(${generation ?? 'null'} as ${type})) g${index}(${quoted(name)})`;

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new RangeError(`There is no item ${index}.`);
  return item;
}
