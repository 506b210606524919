/** A table with a column of every type, values for each column, and PostgreSQL's text for each value. */
import { type SQL, sql } from 'drizzle-orm';
import {
  bigint,
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
  type PgColumn,
  pgEnum,
  pgSchema,
  point,
  real,
  smallint,
  serial,
  text,
  time,
  timestamp,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import { expect } from 'vitest';

const bytea = customType<{ data: Uint8Array; driverData: unknown }>({ dataType: () => 'bytea' });
const bits = customType<{ data: string }>({ dataType: () => 'bit(3)' });
const tags = customType<{ data: string[] }>({ dataType: () => 'text[]' });

const mood = pgEnum('mood', ['calm', 'so "so"', "it's, bad"]);
export const odd = pgSchema('odd "schema"');
const level = odd.enum('Level of it', ['low', 'high']);

let made = 0;

export const person = odd.table('person', { id: bigint('id', { mode: 'number' }).primaryKey() });

export const sample = odd.table('every "type"', {
  id: bigint('id', { mode: 'bigint' }).primaryKey().generatedByDefaultAsIdentity(),
  personId: bigint('person id', { mode: 'number' })
    .notNull()
    .references(() => person.id),

  smallint: smallint('smallint'),
  integer: integer('integer'),
  bigint: bigint('bigint', { mode: 'number' }),
  bigint64: bigint('bigint64', { mode: 'bigint' }),
  serial: serial('serial'),
  identity: integer('identity').generatedByDefaultAsIdentity(),
  numeric: numeric('numeric', { precision: 30, scale: 10 }),
  numericNumber: numeric('numeric_number', { mode: 'number' }),
  numericBigint: numeric('numeric_bigint', { mode: 'bigint' }),
  real: real('real'),
  double: doublePrecision('double'),
  boolean: boolean('boolean'),
  text: text('text'),
  varchar: varchar('varchar', { length: 5 }),
  char: char('char', { length: 3 }),
  oneChar: char('one_char'),
  bits: bits('bits'),
  date: date('date'),
  dateDate: date('date_date', { mode: 'date' }),
  time: time('time', { precision: 3 }),
  timetz: time('timetz', { withTimezone: true }),
  timestamp: timestamp('timestamp'),
  timestampText: timestamp('timestamp_text', { mode: 'string', precision: 3 }),
  timestamptz: timestamp('timestamptz', { withTimezone: true, precision: 3 }),
  timestamptzText: timestamp('timestamptz_text', { withTimezone: true, mode: 'string' }),
  interval: interval('interval'),
  intervalDays: interval('interval_days', { fields: 'day to second', precision: 2 }),
  mood: mood('mood'),
  level: level('level'),
  uuid: uuid('uuid'),
  json: json('json'),
  jsonb: jsonb('jsonb'),
  bytea: bytea('bytea'),
  inet: inet('inet'),
  cidr: cidr('cidr'),
  macaddr: macaddr('macaddr'),
  macaddr8: macaddr8('macaddr8'),
  point: point('point'),
  pointXy: point('point_xy', { mode: 'xy' }),
  line: line('line'),
  lineAbc: line('line_abc', { mode: 'abc' }),
  texts: text('texts').array(),
  integers: integer('integers').array().array(),
  numerics: numeric('numerics', { precision: 5, scale: 2 }).array(),
  times: timestamp('times', { withTimezone: true }).array(),
  levels: level('levels').array(),
  jsons: jsonb('jsons').array(),
  byteas: bytea('byteas').array(),
  varchars: varchar('varchars', { length: 3 }).array(),
  tags: tags('tags'),

  withDefault: integer('with_default').notNull().default(7),
  withDefaultMood: mood('with_default_mood').default('so "so"'),
  withDefaultUuid: uuid('with_default_uuid').defaultRandom(),
  withFunction: text('with_function').$defaultFn(() => `made ${(made += 1)}`),
  withExpression: integer('with_expression').$defaultFn(() => sql`6 * 7`),

  doubled: integer('doubled').generatedAlwaysAs((): SQL => sql`"integer"::bigint * 2`),
  always: integer('always').generatedAlwaysAsIdentity(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true })
    .notNull()
    .defaultNow()
    .$onUpdate(() => sql`now()`),
  changes: integer('changes')
    .notNull()
    .default(0)
    .$onUpdate(() => sql`changes + 1`),
  changedAt: timestamp('changed_at', { withTimezone: true }).$onUpdate(() => new Date()),
});

export type NewSample = Omit<
  typeof sample.$inferInsert,
  'id' | 'personId' | 'createdAt' | 'updatedAt' | 'changes' | 'changedAt'
>;
export type Key = keyof NewSample;
type Value<K extends Key> = NonNullable<NewSample[K]>;

const utc = (moment: string) => new Date(`${moment}Z`);
const ODD = 'a\\b"c\'d,{}\n\t💥 NULL';

/** Two values for each column, and their texts, in UTC and with PostgreSQL's default settings. */
export const VALUES: { readonly [K in Key]-?: readonly (readonly [value: Value<K>, text: string])[] } = {
  smallint: [
    [-32_768, '-32768'],
    [7, '7'],
  ],
  integer: [
    [1_073_741_823, '1073741823'],
    [-1, '-1'],
  ],
  bigint: [
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [0, '0'],
  ],
  bigint64: [
    [9_223_372_036_854_775_807n, '9223372036854775807'],
    [-1n, '-1'],
  ],
  serial: [
    [1_000, '1000'],
    [1_001, '1001'],
  ],
  identity: [
    [2_000, '2000'],
    [-5, '-5'],
  ],
  numeric: [
    ['12345678901234567890.0123456789', '12345678901234567890.0123456789'],
    ['NaN', 'NaN'],
  ],
  numericNumber: [
    [0.1, '0.1'],
    [1e21, '1000000000000000000000'],
  ],
  numericBigint: [
    [123_456_789_012_345_678_901_234_567_890n, '123456789012345678901234567890'],
    [0n, '0'],
  ],
  real: [
    [1.5, '1.5'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
  ],
  double: [
    [0.1 + 0.2, '0.30000000000000004'],
    [Number.NaN, 'NaN'],
  ],
  boolean: [
    [true, 'true'],
    [false, 'false'],
  ],
  text: [
    [ODD, ODD],
    ['', ''],
  ],
  varchar: [
    ['💥💥💥💥💥', '💥💥💥💥💥'],
    ['NULL', 'NULL'],
  ],
  // A cast to text removes the padding.
  char: [
    ['abc', 'abc'],
    ['a', 'a'],
  ],
  oneChar: [
    ['x', 'x'],
    ['"', '"'],
  ],
  bits: [
    ['101', '101'],
    ['000', '000'],
  ],
  date: [
    ['2024-02-29', '2024-02-29'],
    ['infinity', 'infinity'],
  ],
  dateDate: [
    [utc('1999-12-31T00:00'), '1999-12-31'],
    [utc('0099-01-01T00:00'), '0099-01-01'],
  ],
  time: [
    ['23:59:59.123', '23:59:59.123'],
    ['00:00', '00:00:00'],
  ],
  timetz: [
    ['12:00:00+05:30', '12:00:00+05:30'],
    ['12:00:00.123456-08', '12:00:00.123456-08'],
  ],
  timestamp: [
    [utc('2024-06-01T12:34:56.789'), '2024-06-01 12:34:56.789'],
    [utc('0100-01-01T00:00'), '0100-01-01 00:00:00'],
  ],
  timestampText: [
    ['2024-06-01 12:34:56.789', '2024-06-01 12:34:56.789'],
    ['-infinity', '-infinity'],
  ],
  timestamptz: [
    [utc('2024-06-01T12:34:56.789'), '2024-06-01 12:34:56.789+00'],
    [utc('9999-12-31T23:59:59.999'), '9999-12-31 23:59:59.999+00'],
  ],
  timestamptzText: [
    ['2024-06-01 12:00:00.123456+02', '2024-06-01 10:00:00.123456+00'],
    ['infinity', 'infinity'],
  ],
  interval: [
    ['1 year 2 mons 3 days 04:05:06.789', '1 year 2 mons 3 days 04:05:06.789'],
    ['-1 days', '-1 days'],
  ],
  intervalDays: [
    ['3 days 04:05:06.78', '3 days 04:05:06.78'],
    ['00:00:00.5', '00:00:00.5'],
  ],
  mood: [
    ["it's, bad", "it's, bad"],
    ['calm', 'calm'],
  ],
  level: [
    ['low', 'low'],
    ['high', 'high'],
  ],
  uuid: [
    ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000001'],
    ['ffffffff-ffff-4fff-bfff-ffffffffffff', 'ffffffff-ffff-4fff-bfff-ffffffffffff'],
  ],
  json: [
    [{ b: [1, null, ODD], a: {} }, JSON.stringify({ b: [1, null, ODD], a: {} })],
    ['text', '"text"'],
  ],
  jsonb: [
    [{ b: 1, a: [] }, '{"a": [], "b": 1}'],
    [[1, 'NULL', null], '[1, "NULL", null]'],
  ],
  bytea: [
    [new Uint8Array([0, 255, 92, 34]), '\\x00ff5c22'],
    [new Uint8Array(), '\\x'],
  ],
  inet: [
    ['192.168.0.1/24', '192.168.0.1/24'],
    ['::1', '::1/128'],
  ],
  cidr: [
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['2001:db8::/32', '2001:db8::/32'],
  ],
  macaddr: [
    ['08:00:2b:01:02:03', '08:00:2b:01:02:03'],
    ['08-00-2b-01-02-04', '08:00:2b:01:02:04'],
  ],
  macaddr8: [
    ['08:00:2b:01:02:03:04:05', '08:00:2b:01:02:03:04:05'],
    ['08:00:2b:ff:fe:01:02:03', '08:00:2b:ff:fe:01:02:03'],
  ],
  point: [
    [[1.5, -2], '(1.5,-2)'],
    [[0, 0], '(0,0)'],
  ],
  pointXy: [
    [{ x: 1, y: 2.25 }, '(1,2.25)'],
    [{ x: -1, y: 0 }, '(-1,0)'],
  ],
  line: [
    [[1, 2, 3], '{1,2,3}'],
    [[0, 1, 0], '{0,1,0}'],
  ],
  lineAbc: [
    [{ a: 1, b: 0, c: -1.5 }, '{1,0,-1.5}'],
    [{ a: 1, b: 1, c: 1 }, '{1,1,1}'],
  ],
  texts: [
    [[ODD, '', 'NULL'], '{"a\\\\b\\"c\'d,{}\n\t💥 NULL","","NULL"}'],
    [[], '{}'],
  ],
  integers: [
    [
      [
        [1, 2],
        [3, 4],
      ],
      '{{1,2},{3,4}}',
    ],
    [[[7]], '{{7}}'],
  ],
  numerics: [
    [['1.25', '-100.00'], '{1.25,-100.00}'],
    [['NaN'], '{NaN}'],
  ],
  times: [
    [[utc('2024-06-01T12:34:56.789')], '{"2024-06-01 12:34:56.789+00"}'],
    [[utc('2000-01-01T00:00'), utc('2000-01-02T00:00')], '{"2000-01-01 00:00:00+00","2000-01-02 00:00:00+00"}'],
  ],
  levels: [
    [['low', 'high'], '{low,high}'],
    [['high'], '{high}'],
  ],
  jsons: [
    [[{ a: '"' }, [1], 'x'], '{"{\\"a\\": \\"\\\\\\"\\"}",[1],"\\"x\\""}'],
    [[], '{}'],
  ],
  byteas: [
    [[new Uint8Array([0, 92]), new Uint8Array()], '{"\\\\x005c","\\\\x"}'],
    [[], '{}'],
  ],
  varchars: [
    [['abc', 'NUL'], '{abc,NUL}'],
    [['💥💥💥'], '{💥💥💥}'],
  ],
  tags: [
    [['a', 'b c', '"'], '{a,"b c","\\""}'],
    [[], '{}'],
  ],
  withDefault: [
    [8, '8'],
    [-8, '-8'],
  ],
  withDefaultMood: [
    ['calm', 'calm'],
    ["it's, bad", "it's, bad"],
  ],
  withDefaultUuid: [
    ['00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000002'],
    ['00000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000003'],
  ],
  withFunction: [
    ['given', 'given'],
    ['', ''],
  ],
  withExpression: [
    [1, '1'],
    [2, '2'],
  ],
};

export const KEYS = Object.keys(VALUES) as readonly Key[];

/** The texts of a row without values. A pattern if each row has its own text. */
export const DEFAULTS: Readonly<Partial<Record<Key, unknown>>> = {
  serial: expect.stringMatching(/^\d+$/),
  identity: expect.stringMatching(/^\d+$/),
  withDefault: '7',
  withDefaultMood: 'so "so"',
  withDefaultUuid: expect.stringMatching(/^[\da-f-]{36}$/),
  withFunction: expect.stringMatching(/^made \d+$/),
  withExpression: '42',
};

/** The keys of nullable columns. */
export const NULLABLE = KEYS.filter((key) => !(sample[key] as PgColumn).notNull);
