/** A table with a column of every supported type, in every mode. */
import { getTableColumns } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

import { query } from '../query.ts';

// One label cannot be stored in an array, and several need quotes in an array.
const mood = pg.pgEnum('mood', ['glad', 'so so', 'q"uote', 'back\\slash', 'NULL', '{', '']);
const size = pg.pgEnum('size', { Small: 's', Large: 'l' });

const columns = {
  text: pg.text(),
  textEnum: pg.text({ enum: ['low', 'high'] }),
  varchar: pg.varchar(),
  varchar5: pg.varchar({ length: 5 }),
  varcharEnum: pg.varchar({ length: 3, enum: ['low', 'high'] }),
  char: pg.char(),
  char5: pg.char({ length: 5 }),
  charEnum: pg.char({ length: 3, enum: ['low', 'hi'] }),
  mood: mood(),
  size: size(),

  smallint: pg.smallint(),
  integer: pg.integer(),
  bigintNumber: pg.bigint({ mode: 'number' }),
  bigint: pg.bigint({ mode: 'bigint' }),
  numeric: pg.numeric(),
  numeric102: pg.numeric({ precision: 10, scale: 2 }),
  numeric4: pg.numeric({ precision: 4 }),
  numericTens: pg.numeric({ precision: 3, scale: -2 }),
  numericTiny: pg.numeric({ precision: 2, scale: 5 }),
  numericScale: pg.numeric({ scale: 2 }),
  numericNumber: pg.numeric({ mode: 'number' }),
  numericNumber102: pg.numeric({ mode: 'number', precision: 10, scale: 2 }),
  numericBigint: pg.numeric({ mode: 'bigint' }),
  numericBigint20: pg.numeric({ mode: 'bigint', precision: 20 }),
  real: pg.real(),
  double: pg.doublePrecision(),

  boolean: pg.boolean(),
  bit1: pg.bit({ dimensions: 1 }),
  bit3: pg.bit({ dimensions: 3 }),
  uuid: pg.uuid(),
  inet: pg.inet(),
  cidr: pg.cidr(),
  macaddr: pg.macaddr(),
  macaddr8: pg.macaddr8(),

  date: pg.date({ mode: 'date' }),
  dateString: pg.date({ mode: 'string' }),
  time: pg.time(),
  time2: pg.time({ precision: 2 }),
  timetz: pg.time({ withTimezone: true }),
  timetz0: pg.time({ withTimezone: true, precision: 0 }),
  timestamp: pg.timestamp(),
  timestamp0: pg.timestamp({ precision: 0 }),
  timestamptz: pg.timestamp({ withTimezone: true }),
  timestamptz2: pg.timestamp({ withTimezone: true, precision: 2 }),
  timestampString: pg.timestamp({ mode: 'string' }),
  timestampString3: pg.timestamp({ mode: 'string', precision: 3 }),
  timestamptzString: pg.timestamp({ mode: 'string', withTimezone: true }),
  timestamptzString0: pg.timestamp({ mode: 'string', withTimezone: true, precision: 0 }),
  interval: pg.interval(),
  interval3: pg.interval({ precision: 3 }),
  intervalYear: pg.interval({ fields: 'year' }),
  intervalMonths: pg.interval({ fields: 'year to month' }),
  intervalDay: pg.interval({ fields: 'day' }),
  intervalHours: pg.interval({ fields: 'day to hour' }),
  intervalMinutes: pg.interval({ fields: 'hour to minute' }),
  intervalSecond: pg.interval({ fields: 'day to second', precision: 2 }),

  json: pg.json(),
  jsonb: pg.jsonb(),
  point: pg.point(),
  pointXy: pg.point({ mode: 'xy' }),
  line: pg.line(),
  lineAbc: pg.line({ mode: 'abc' }),

  texts: pg.text().array(),
  varchars: pg.varchar({ length: 5 }).array(2),
  chars: pg.char({ length: 5 }).array(),
  moods: mood().array(),
  smallints: pg.smallint().array(),
  integers: pg.integer().array(),
  matrix: pg.integer().array().array(),
  sizedMatrix: pg.text().array(2).array(2),
  cube: pg.boolean().array().array().array(),
  bigintNumbers: pg.bigint({ mode: 'number' }).array(),
  bigints: pg.bigint({ mode: 'bigint' }).array(),
  numerics: pg.numeric({ precision: 10, scale: 2 }).array(),
  numericNumbers: pg.numeric({ mode: 'number' }).array(),
  numericBigints: pg.numeric({ mode: 'bigint' }).array(),
  reals: pg.real().array(),
  doubles: pg.doublePrecision().array(),
  booleans: pg.boolean().array(),
  bits: pg.bit({ dimensions: 3 }).array(),
  uuids: pg.uuid().array(),
  inets: pg.inet().array(),
  cidrs: pg.cidr().array(),
  macaddrs: pg.macaddr().array(),
  macaddrs8: pg.macaddr8().array(),
  dates: pg.date({ mode: 'date' }).array(),
  dateStrings: pg.date({ mode: 'string' }).array(),
  times: pg.time().array(),
  timetzs: pg.time({ withTimezone: true }).array(),
  timestamps: pg.timestamp().array(),
  timestamptzs: pg.timestamp({ withTimezone: true }).array().array(),
  timestampStrings: pg.timestamp({ mode: 'string' }).array(),
  timestamptzStrings: pg.timestamp({ mode: 'string', withTimezone: true }).array(),
  intervals: pg.interval().array(),
  jsons: pg.json().array(),
  jsonbs: pg.jsonb().array(),
  jsonbMatrix: pg.jsonb().array().array(),
  points: pg.point().array(),
  pointMatrix: pg.point({ mode: 'xy' }).array().array(),
  lines: pg.line().array(),
  linesAbc: pg.line({ mode: 'abc' }).array(),
};

export type Kind = keyof typeof columns;
export const KINDS = Object.keys(columns).filter((key): key is Kind => key in columns);

export const kinds = pg.pgTable('kinds', { id: pg.integer(), ...columns });

export async function createKinds(url: string): Promise<void> {
  await query(
    url,
    `create type mood as enum (${labelsOf(mood.enumValues)})`,
    `create type size as enum (${labelsOf(size.enumValues)})`,
    `create table kinds (${columnsOf(kinds)})`,
  );
}

function labelsOf(values: readonly string[]): string {
  return values.map((value) => `'${value}'`).join(', ');
}

function columnsOf(table: pg.PgTable): string {
  return Object.values(getTableColumns(table))
    .map((column) => `"${column.name}" ${column.getSQLType()}`)
    .join(', ');
}
