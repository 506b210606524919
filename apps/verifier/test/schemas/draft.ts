/** A plan while it is drawn, and functions that inspect it. */
import { COLUMN_TYPES } from './column-types.ts';
import type { Names } from './names.ts';
import type { ColumnPlan, EnumPlan, SequencePlan, TablePlan } from './plan.ts';
import type { Random } from './random.ts';

type Draft<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

export interface TableDraft extends Draft<TablePlan> {
  /** The column names of the table. */
  readonly columnNames: Names;
  /** Keys of columns whose values are restricted already: by a key, a check or a generation expression. */
  readonly busy: Set<string>;
}

/** State that all draws share. */
export interface World {
  readonly random: Random;
  readonly names: Names;
  readonly oddness: number;
  readonly schemas: readonly string[];
  readonly enums: readonly EnumPlan[];
  readonly sequences: readonly SequencePlan[];
}

/** Draws the schema of an object: `public` most of the time. */
export function drawPlace({ random, schemas }: World): { schema?: string } {
  const schema = random.chance(0.3) ? random.pick(schemas) : undefined;
  return schema === undefined ? {} : { schema };
}

export function columnOf(table: Pick<TablePlan, 'columns' | 'key'>, key: string): ColumnPlan {
  const column = table.columns.find((other) => other.key === key);
  if (column === undefined) throw new Error(`the plan of ${table.key} has no column ${key}`);
  return column;
}

export function replaceColumn(table: TableDraft, key: string, change: (column: ColumnPlan) => ColumnPlan): void {
  table.columns = table.columns.map((column) => (column.key === key ? change(column) : column));
}

/** Whether the column can have many different values, so that a unique key leaves room for rows. */
export function hasManyValues(column: ColumnPlan): boolean {
  if (column.dimensions !== undefined || column.default !== undefined || column.labels !== undefined) return false;
  if (column.length !== undefined && column.length < 20) return false;
  return MANY_VALUES.has(column.type);
}

const MANY_VALUES = new Set<ColumnPlan['type']>([
  'integer',
  'bigint_number',
  'bigint_bigint',
  'text',
  'varchar',
  'bytea',
  'timestamptz_date',
  'date_string',
  'uuid',
  'inet',
  'macaddr',
]);

/** Whether the type has a B-tree operator class. */
export function isComparable({ type }: ColumnPlan): boolean {
  return COLUMN_TYPES[type].isComparable;
}

/** Whether the column is no array, not generated, no identity and no serial. */
export function isPlain({ type, dimensions, generated, identity }: ColumnPlan): boolean {
  return (
    dimensions === undefined &&
    generated === undefined &&
    identity === undefined &&
    COLUMN_TYPES[type].isSerial === undefined
  );
}

export function without<T, K extends keyof T>(value: T, ...keys: K[]): Omit<T, K> {
  const copy = { ...value };
  for (const key of keys) delete copy[key];
  return copy;
}
