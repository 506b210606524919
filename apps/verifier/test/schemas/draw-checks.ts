/** Draws CHECK constraints in the shapes that applications write, over columns that nothing else restricts. */
import { COLUMN_TYPES } from './column-types.ts';
import { isPlain, replaceColumn, type TableDraft, without, type World } from './draft.ts';
import type { ColumnPlan, Template } from './plan.ts';

interface Shape {
  readonly template: Template;
  /** Which columns `{a}` and `{b}` may stand for. */
  readonly a: (column: ColumnPlan) => boolean;
  readonly b?: (column: ColumnPlan, a: ColumnPlan) => boolean;
  /** A default that satisfies the check. */
  readonly value?: number | string | object;
}

const isFamily = (family: string) => (column: ColumnPlan) =>
  isPlain(column) && COLUMN_TYPES[column.type].family === family;
const isNumber = (column: ColumnPlan) => ['whole', 'decimal', 'float'].some((family) => isFamily(family)(column));
const isLabel = (column: ColumnPlan) => isText(column) && (column.length ?? 20) >= 20;
const isWhole = isFamily('whole');
const isNullable = (column: ColumnPlan) => isPlain(column) && !column.isNotNull;
const isEqualType = (b: ColumnPlan, a: ColumnPlan) =>
  isPlain(b) && b.type === a.type && b.precision === a.precision && b.isNotNull === a.isNotNull;
const isOrdered = (column: ColumnPlan) => isFamily('moment')(column) || isNumber(column);

function isText(column: ColumnPlan): boolean {
  return isPlain(column) && column.labels === undefined && (column.type === 'text' || column.type === 'varchar');
}

/** The shapes by their names. */
export const CHECK_SHAPES: Readonly<Record<string, Shape>> = {
  'not negative': { template: '{a} >= 0', a: isNumber, value: 0 },
  positive: { template: '{a} > 0', a: isNumber },
  between: { template: '{a} between 1 and 5', a: isWhole, value: 3 },
  percentage: { template: '{a} >= 0 and {a} <= 100', a: isNumber, value: 0 },
  'text in a list': { template: `{a} in ('draft', 'live', 'gone')`, a: isLabel, value: 'draft' },
  'number in a list': { template: '{a} in (1, 2, 3)', a: isWhole, value: 1 },
  'least length': { template: 'char_length({a}) >= 3', a: isLabel },
  'length between': { template: 'length({a}) between 2 and 10', a: isLabel },
  'exact length': { template: 'length({a}) = 2', a: isLabel },
  'not blank': { template: `btrim({a}) <> ''`, a: isText },
  'lower case': { template: '{a} = lower({a})', a: isText, value: '' },
  pattern: { template: `{a} ~ '^[a-z0-9-]+$'`, a: isLabel },
  contains: { template: `{a} like '%@%'`, a: isLabel },
  'not before a date': { template: `{a} >= '1990-01-01'`, a: isFamily('moment') },
  'one below the other': { template: '{a} < {b}', a: isOrdered, b: isEqualType },
  'one not above the other, or null': { template: '{b} is null or {a} <= {b}', a: isOrdered, b: isEqualType },
  'either or null': { template: '({a} is null) <> ({b} is null)', a: isNullable, b: isNullable },
  'exactly one': { template: 'num_nonnulls({a}, {b}) = 1', a: isNullable, b: isNullable },
  'at least one': { template: '{a} is not null or {b} is not null', a: isNullable, b: isNullable },
  implication: { template: 'not {a} or {b} is not null', a: isFamily('boolean'), b: isNullable },
  'json object': {
    template: `jsonb_typeof({a}) = 'object'`,
    a: ({ type, dimensions }) => type === 'jsonb' && dimensions === undefined,
    value: {},
  },
  'few elements': { template: 'cardinality({a}) <= 10', a: ({ dimensions }) => dimensions === 1 },
};

export function drawChecks(world: World, table: TableDraft): void {
  const { random } = world;
  const names = random.shuffled(Object.keys(CHECK_SHAPES)).slice(0, random.pick([0, 0, 2, 4, 8]));
  for (const shape of names) drawCheck(world, table, shape);
}

function drawCheck({ random, names }: World, table: TableDraft, shapeName: string): void {
  const shape = CHECK_SHAPES[shapeName];
  if (shape === undefined) return;
  const free = random.shuffled(
    table.columns.filter(({ key, isPrimaryKey }) => !table.busy.has(key) && isPrimaryKey !== true),
  );
  const a = free.find(shape.a);
  if (a === undefined) return;
  const b = shape.b === undefined ? a : free.find((column) => column !== a && shape.b?.(column, a) === true);
  if (b === undefined) return;
  for (const { key } of [a, b]) {
    table.busy.add(key);
    replaceColumn(table, key, (column) => withDefault(column, shape.value));
  }
  table.checks.push({
    name: names.about(`${table.name}_${a.name}_check`),
    shape: shapeName,
    template: shape.template.replaceAll('{a}', `{${a.key}}`).replaceAll('{b}', `{${b.key}}`),
  });
}

/** Replaces a default that the check would refuse by one that satisfies it, or removes it. */
function withDefault(column: ColumnPlan, value: Shape['value']): ColumnPlan {
  if (column.default === undefined) return column;
  if (value === undefined) return without(column, 'default');
  const isBig = column.type === 'bigint_bigint' || column.type === 'numeric_bigint';
  if (isBig) return { ...column, default: { sql: JSON.stringify(value) } };
  return { ...column, default: { value: column.type === 'numeric_string' ? JSON.stringify(value) : value } };
}
