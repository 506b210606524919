/** Every column type of drizzle-orm/pg-core in every mode: how to build the column, and how a schema may use it. */
import {
  bigint,
  bigserial,
  bit,
  boolean,
  char,
  cidr,
  customType,
  date,
  doublePrecision,
  inet,
  integer,
  interval,
  json,
  jsonb,
  line,
  macaddr,
  macaddr8,
  numeric,
  type PgColumnBuilderBase,
  point,
  real,
  serial,
  smallint,
  smallserial,
  text,
  time,
  timestamp,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';

import type { ColumnPlan } from './plan.ts';

export type Family =
  | 'whole'
  | 'decimal'
  | 'float'
  | 'text'
  | 'boolean'
  | 'moment'
  | 'json'
  | 'network'
  | 'uuid'
  | 'shape'
  | 'binary'
  | 'span';

export interface ColumnType {
  readonly family: Family;
  readonly build: (name: string, plan: ColumnPlan) => PgColumnBuilderBase;
  /** Each entry is a value for `.default()`. The text in `{ sql }` is an expression. */
  readonly defaults: readonly ({ readonly value: unknown } | { readonly sql: string })[];
  /** Whether the type has a B-tree operator class. Without one, the column cannot be in a key or an index. */
  readonly isComparable: boolean;
  /** The type of a column that refers to a column of this type. Default: the same type. */
  readonly referencedAs?: 'smallint' | 'integer' | 'bigint_number' | 'bigint_bigint';
  /** A serial type: never null, without another default, and at most once in a table. */
  readonly isSerial?: true;
  /** These properties say whether the plan chooses a length, a precision or labels. */
  readonly hasLength?: true;
  readonly hasPrecision?: 'decimal' | 'moment';
  readonly hasLabels?: true;
  /** Whether the type has no array type in PostgreSQL or Drizzle. */
  readonly isNeverArray?: true;
}

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
const money = [{ value: '0' }, { value: '12.50' }, { sql: '0' }];
const now = { sql: 'now()' };
const leapDay = new Date(Date.UTC(2024, 1, 29));

function decimal(plan: ColumnPlan): { precision: number; scale?: number } | undefined {
  if (plan.precision === undefined) return undefined;
  return plan.scale === undefined ? { precision: plan.precision } : { precision: plan.precision, scale: plan.scale };
}

const labels = ({ labels: list = [] }: ColumnPlan) => (list.length > 0 ? { enum: list as [string, ...string[]] } : {});
const length = (plan: ColumnPlan) => (plan.length === undefined ? {} : { length: plan.length });
// Drizzle's type accepts one of the seven precisions, or no argument.
const seconds = (plan: ColumnPlan) =>
  plan.precision === undefined ? {} : { precision: plan.precision as 0 | 1 | 2 | 3 | 4 | 5 | 6 };

const comparable = { isComparable: true } as const;
const notComparable = { isComparable: false } as const;

// The order is that of the manual's chapter on data types. To add a mode, add a line.
const table = {
  smallint: { family: 'whole', ...comparable, build: (n) => smallint(n), defaults: [{ value: 0 }, { value: 7 }] },
  integer: {
    family: 'whole',
    ...comparable,
    build: (n) => integer(n),
    defaults: [{ value: 0 }, { value: 1 }, { sql: '1 + 1' }],
  },
  bigint_number: {
    family: 'whole',
    ...comparable,
    build: (n) => bigint(n, { mode: 'number' }),
    defaults: [{ value: 0 }, { value: 9_007_199_254_740_991 }],
  },
  bigint_bigint: {
    family: 'whole',
    ...comparable,
    build: (n) => bigint(n, { mode: 'bigint' }),
    defaults: [{ sql: '0' }, { sql: '9223372036854775807' }],
  },
  numeric_string: {
    family: 'decimal',
    ...comparable,
    hasPrecision: 'decimal',
    build: (n, plan) => numeric(n, decimal(plan)),
    defaults: money,
  },
  numeric_number: {
    family: 'decimal',
    ...comparable,
    hasPrecision: 'decimal',
    build: (n, plan) => numeric(n, { mode: 'number', ...decimal(plan) }),
    defaults: [{ value: 0 }, { value: 1.5 }],
  },
  numeric_bigint: {
    family: 'decimal',
    ...comparable,
    hasPrecision: 'decimal',
    build: (n, { precision = 20 }) => numeric(n, { mode: 'bigint', precision, scale: 0 }),
    defaults: [{ sql: '0' }],
  },
  real: { family: 'float', ...comparable, build: (n) => real(n), defaults: [{ value: 0 }, { value: 1.5 }] },
  double: {
    family: 'float',
    ...comparable,
    build: (n) => doublePrecision(n),
    defaults: [{ value: 0 }, { value: -0.25 }],
  },
  smallserial: {
    family: 'whole',
    ...comparable,
    isSerial: true,
    isNeverArray: true,
    referencedAs: 'smallint',
    build: (n) => smallserial(n),
    defaults: [],
  },
  serial: {
    family: 'whole',
    ...comparable,
    isSerial: true,
    isNeverArray: true,
    referencedAs: 'integer',
    build: (n) => serial(n),
    defaults: [],
  },
  bigserial_number: {
    family: 'whole',
    ...comparable,
    isSerial: true,
    isNeverArray: true,
    referencedAs: 'bigint_number',
    build: (n) => bigserial(n, { mode: 'number' }),
    defaults: [],
  },
  bigserial_bigint: {
    family: 'whole',
    ...comparable,
    isSerial: true,
    isNeverArray: true,
    referencedAs: 'bigint_bigint',
    build: (n) => bigserial(n, { mode: 'bigint' }),
    defaults: [],
  },
  text: {
    family: 'text',
    ...comparable,
    hasLabels: true,
    build: (n, plan) => text(n, labels(plan)),
    defaults: [{ value: '' }, { value: `it's "new"` }, { sql: `md5(random()::text)` }],
  },
  varchar: {
    family: 'text',
    ...comparable,
    hasLength: true,
    hasLabels: true,
    build: (n, plan) => varchar(n, { ...length(plan), ...labels(plan) }),
    defaults: [{ value: '' }, { value: 'n' }],
  },
  char: {
    family: 'text',
    ...comparable,
    hasLength: true,
    build: (n, plan) => char(n, length(plan)),
    defaults: [{ value: 'x' }],
  },
  // Drizzle writes the elements of an array as UTF-8, which loses bytes. The verifier reports that.
  bytea: {
    family: 'binary',
    ...comparable,
    isNeverArray: true,
    build: (n) => bytea(n),
    defaults: [{ sql: `'\\x00ff'::bytea` }],
  },
  timestamp_date: {
    family: 'moment',
    ...comparable,
    hasPrecision: 'moment',
    build: (n, plan) => timestamp(n, { mode: 'date', ...seconds(plan) }),
    defaults: [now, { value: leapDay }],
  },
  timestamp_string: {
    family: 'moment',
    ...comparable,
    hasPrecision: 'moment',
    build: (n, plan) => timestamp(n, { mode: 'string', ...seconds(plan) }),
    defaults: [now, { value: '2024-02-29 12:00:00' }],
  },
  timestamptz_date: {
    family: 'moment',
    ...comparable,
    hasPrecision: 'moment',
    build: (n, plan) => timestamp(n, { mode: 'date', withTimezone: true, ...seconds(plan) }),
    defaults: [now, { value: leapDay }, { sql: `now() + interval '7 days'` }],
  },
  timestamptz_string: {
    family: 'moment',
    ...comparable,
    hasPrecision: 'moment',
    build: (n, plan) => timestamp(n, { mode: 'string', withTimezone: true, ...seconds(plan) }),
    defaults: [now, { value: '2024-02-29 12:00:00+00' }],
  },
  date_string: {
    family: 'moment',
    ...comparable,
    build: (n) => date(n),
    defaults: [{ value: '2024-02-29' }, { sql: 'current_date' }],
  },
  date_date: {
    family: 'moment',
    ...comparable,
    build: (n) => date(n, { mode: 'date' }),
    defaults: [{ value: leapDay }],
  },
  time: {
    family: 'span',
    ...comparable,
    hasPrecision: 'moment',
    build: (n, plan) => time(n, seconds(plan)),
    defaults: [{ value: '09:30:00' }, { sql: 'localtime' }],
  },
  timetz: {
    family: 'span',
    ...comparable,
    hasPrecision: 'moment',
    build: (n, plan) => time(n, { withTimezone: true, ...seconds(plan) }),
    defaults: [{ value: '09:30:00+02' }],
  },
  interval: {
    family: 'span',
    ...comparable,
    hasPrecision: 'moment',
    build: (n, plan) => interval(n, seconds(plan)),
    defaults: [{ value: '1 day' }, { value: '00:30:00' }],
  },
  interval_fields: {
    family: 'span',
    ...comparable,
    build: (n) => interval(n, { fields: 'day to second' }),
    defaults: [{ value: '2 days 04:00:00' }],
  },
  interval_months: {
    family: 'span',
    ...comparable,
    build: (n) => interval(n, { fields: 'year to month' }),
    defaults: [{ value: '1 year 2 mons' }],
  },
  boolean: {
    family: 'boolean',
    ...comparable,
    build: (n) => boolean(n),
    defaults: [{ value: false }, { value: true }, { sql: 'false' }],
  },
  uuid: { family: 'uuid', ...comparable, build: (n) => uuid(n), defaults: [{ sql: 'gen_random_uuid()' }] },
  json: {
    family: 'json',
    ...notComparable,
    build: (n) => json(n),
    defaults: [{ value: { a: [1, null] } }, { value: [] }],
  },
  jsonb: {
    family: 'json',
    ...comparable,
    build: (n) => jsonb(n),
    defaults: [{ value: {} }, { value: { theme: 'dark' } }, { sql: `'[]'::jsonb` }],
  },
  inet: { family: 'network', ...comparable, build: (n) => inet(n), defaults: [{ value: '127.0.0.1' }] },
  cidr: { family: 'network', ...comparable, build: (n) => cidr(n), defaults: [{ value: '10.0.0.0/8' }] },
  macaddr: { family: 'network', ...comparable, build: (n) => macaddr(n), defaults: [{ value: '08:00:2b:01:02:03' }] },
  macaddr8: {
    family: 'network',
    ...comparable,
    build: (n) => macaddr8(n),
    defaults: [{ value: '08:00:2b:01:02:03:04:05' }],
  },
  bit: {
    family: 'binary',
    ...comparable,
    hasLength: true,
    build: (n, plan) => bit(n, { dimensions: plan.length ?? 1 }),
    defaults: [],
  },
  point_tuple: { family: 'shape', ...notComparable, build: (n) => point(n), defaults: [{ sql: 'point(1, 2)' }] },
  point_xy: {
    family: 'shape',
    ...notComparable,
    build: (n) => point(n, { mode: 'xy' }),
    defaults: [{ sql: `'(0,0)'::point` }],
  },
  line_tuple: { family: 'shape', ...notComparable, build: (n) => line(n), defaults: [{ sql: `'{1,-1,0}'::line` }] },
  line_abc: { family: 'shape', ...notComparable, build: (n) => line(n, { mode: 'abc' }), defaults: [] },
} satisfies Record<string, ColumnType>;

/** `enum` is built from an enum object; `tsvector` exists only as a generated column. */
export type ColumnTypeId = keyof typeof table | 'enum' | 'tsvector';

export const COLUMN_TYPES: Readonly<Record<ColumnTypeId, ColumnType>> = {
  ...table,
  enum: {
    family: 'text',
    ...comparable,
    build: (name) => {
      throw new Error(`${name} is built by its enum`);
    },
    defaults: [],
  },
  tsvector: {
    family: 'text',
    ...notComparable,
    isNeverArray: true,
    build: (n) => customType<{ data: string }>({ dataType: () => 'tsvector' })(n),
    defaults: [],
  },
};

/** Default values for array columns, by the type of the elements. */
export const ARRAY_DEFAULTS: Partial<Record<ColumnTypeId, readonly unknown[]>> = {
  text: ['a', 'b,c', '{d}'],
  varchar: ['a'],
  integer: [1, 2],
  boolean: [true, false],
  numeric_string: ['1.5'],
  uuid: ['7f0b1f2e-0000-4000-8000-000000000000'],
};
