/** Every column type gets values that PostgreSQL stores. */
import { expect, test } from 'vitest';

import { RowError } from '../../src/rows/index.ts';
import { fixtures } from './fixture-database.ts';

const fixture = fixtures();

const TYPES = `
  smallint; integer; bigint; numeric; numeric(3, 1); numeric(2, 2); numeric(4, -2); numeric(1); real; double precision; money
  boolean; text; varchar; varchar(1); varchar(7); char; char(1); char(12); bpchar; name; "char"; uuid
  date; timestamp; timestamptz; timestamp(3); timestamptz(0); time; timetz; time(3); interval; interval(3); interval day to second
  bytea; inet; cidr; macaddr; macaddr8; bit; bit(5); varbit; varbit(4); json; jsonb; jsonpath; xml; tsvector; tsquery
  point; line; lseg; box; path; polygon; circle; oid; regclass; xid; pg_lsn; pg_snapshot
  int4range; int8range; numrange; daterange; tsrange; tstzrange; int4multirange; tstzmultirange
  integer[]; text[]; varchar(3)[]; numeric(3, 1)[]; text[][]; jsonb[]; timestamptz[]; bytea[]; box[]; interval[]
  mood; mood[]; "Odd type"; small; small[]; smaller; address; address[]; odd.level`
  .trim()
  .split(/;\s*|\n\s*/);

const DEFINITIONS = `
  create schema odd;
  create type mood as enum ('glad', 'it''s "so, so"');
  create type "Odd type" as enum ('a b');
  create type odd.level as enum ('low');
  create domain small as numeric(3, 1) check (value < 10);
  create domain smaller as small check (value < 5) not null;
  create type address as (street text, number int, mood mood, tags text[]);`;

test('each type gets a value, and the next row gets another one', async () => {
  const columns = TYPES.map((type, index) => `c${index} ${type} not null`);
  await using database = await fixture(`${DEFINITIONS} create table every (${columns.join(', ')})`);
  const rows = [];
  for (let row = 0; row < 3; row += 1) rows.push(await database.maker.insert(database.table('every')));
  for (const [index, type] of TYPES.entries()) {
    expect({ type, value: rows[0]?.[`c${index}`] }).toEqual({ type, value: expect.any(String) });
  }
  expect(rows[1]).not.toEqual(rows[0]);
});

test('an array has the declared dimensions of its column', async () => {
  await using database = await fixture(
    `create table grid (a int[] not null, b text[][] not null, c mood[3][2] not null,
    d int[][] not null check (coalesce(array_length(d, 2), 0) = 3))`.replace('create', `${DEFINITIONS} create`),
  );
  await database.maker.insert(database.table('grid'));
  const dimensions = 'array_ndims(a) as a, array_ndims(b) as b, array_ndims(c) as c, array_dims(d) as d';
  expect(await database.query(`select ${dimensions} from grid`)).toEqual([{ a: 1, b: 2, c: 2, d: '[1:1][1:3]' }]);
});

test('each type with many values can be unique', async () => {
  // These types have no operator class for an order.
  const unordered =
    /^(?:json|jsonpath|xml|point|line|lseg|box|path|polygon|circle|address|regclass|xid|pg_snapshot|"Odd|odd|box\[|jsonb?\[|small\b|smaller|mood)/;
  const types = TYPES.filter((type) => !unordered.test(type) && type !== '"char"' && type !== 'boolean');
  const columns = types.map((type, index) => `c${index} ${type} not null unique`);
  await using database = await fixture(`${DEFINITIONS} create table every (${columns.join(', ')})`);
  for (let row = 0; row < 2; row += 1) await database.maker.insert(database.table('every'));
  expect(await database.query('select from every')).toHaveLength(2);
});

test('a nullable column gets a value only if all columns are requested', async () => {
  await using database = await fixture(
    `create table note (id int primary key, body text, "at" timestamptz default now(), n int default 7 not null)`,
  );
  const table = database.table('note');
  expect(await database.maker.insert(table)).toMatchObject({ body: null, n: '7', at: expect.any(String) });
  const full = await database.maker.values(table, { fillsOptionalColumns: true });
  expect(Object.keys(full)).toEqual(['id', 'body', 'at', 'n']);
  expect(Object.values(full)).not.toContain(null);
  expect(Object.keys(await database.maker.values(table))).toEqual(['id']);
});

test('types of extensions get values (pgvector is not installed here)', async () => {
  await using database =
    await fixture(`create schema ext; create extension citext; create extension hstore schema ext; create extension ltree;
    create table e (c citext not null unique, h ext.hstore not null, l ltree not null)`);
  await database.maker.insert(database.table('e'));
  expect(await database.query('select from e')).toHaveLength(1);
});

test('a type without a known value is named with its column', async () => {
  await using database = await fixture(
    `create type span as range (subtype = text); create table t (id int primary key, s span not null)`,
  );
  const attempt = database.maker.insert(database.table('t'));
  await expect(attempt).rejects.toThrow('Could not insert a row into t: no value is known for column s of type span.');
  await expect(attempt).rejects.toBeInstanceOf(RowError);
  await expect(attempt).rejects.toMatchObject({ table: 't', column: 's' });
});
