/** Rows that satisfy conditions: each usual kind of CHECK, in a table of its own. */
import { expect, test } from 'vitest';

import { RowError } from '../../src/rows/index.ts';
import { fixtures } from './fixture-database.ts';

const fixture = fixtures();

/** The columns and conditions of each table. */
const TABLES = `
n int not null check (n > 1000000000)
n int not null check (n < -5)
n int not null check (n between 18 and 21)
n int not null check (n % 7 = 3)
n smallint not null check (n in (2, 3, 5))
n numeric(5, 2) not null check (n > 0 and n < 0.05)
n numeric(3, 1) not null check (n >= 99.5)
n real not null check (n >= -90 and n <= -89.5)
n bigint not null check (n > 9007199254740000)
a int not null, b int not null, check (a < b)
a int not null, b int not null, check (a + b = 100)
a int not null, b int not null, c int not null, check (a * b = c and a > 1 and b > 1)
a numeric(10, 2) not null, b numeric(10, 2) not null, check (b <= a / 2 and b > 0)
t text not null check (t in ('draft', 'published'))
t text not null check (t = any ('{one,"two, three"}'))
t varchar(10) not null check (char_length(t) = 10)
t text not null check (length(t) between 300 and 310)
t text not null check (length(trim(t)) > 0 and t = upper(t))
t text not null check (t ~ '^[a-z0-9]+(?:-[a-z0-9]+)*$')
t text not null check (t ~ '^\\+[1-9]\\d{6,14}$')
t text not null check (t ~ '^(INV|CRN)-\\d{4}-[0-9]{6}$')
t char(3) not null check (t ~ '^[A-Z]{3}$')
t text not null check (t ~ '\\A[[:alpha:]_][[:alnum:]_]{2,}\\Z')
t text not null check (t ~* '^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$')
t text not null check (t ~ '^(?=.*\\d)[a-z\\d]{8}$')
t text not null check (t ~ '^#[0-9a-fA-F]{6}$')
t text not null check (t like 'https://%.example.org/_%')
t text not null check (t similar to '(cat|dog)[0-9]{3}')
t text not null check (t not like '%r%' and t <> '')
t text not null check (starts_with(t, 'sk_live_') and length(t) = 32)
t text not null check (position('@' in t) > 1)
t text not null check (octet_length(t) <= 2)
t text not null check (lower(t) = t and t !~ '\\s' and length(t) >= 3)
t text not null check (t::int between 10 and 20)
d date not null check (d > '2040-01-01')
d date not null check (extract(dow from d) = 1)
d date not null check (extract(day from d) = 1 and d >= '2024-01-01')
d date not null check (d <= current_date - interval '18 years')
a date not null, b date not null, check (a < b and b < a + 14)
a timestamptz not null, b timestamptz not null, check (b = a + interval '1 hour' or b > a + interval '10 years')
a timestamptz not null, b timestamptz, check (b is not null and b >= a)
a timestamptz not null check (a > now())
a time not null, b time not null, check (a < b and a >= '08:00')
i interval not null check (i > interval '0' and i <= '2 hours')
r tstzrange not null check (upper(r) - lower(r) >= interval '1 day')
r int4range not null check (not isempty(r) and lower_inc(r) and upper(r) - lower(r) = 10)
r daterange not null check (upper_inf(r))
j jsonb not null check (jsonb_typeof(j) = 'array')
j jsonb not null check (j ? 'kind' and j ->> 'kind' = 'card')
j json not null check (json_array_length(j) > 0)
b bytea not null check (octet_length(b) = 32)
x text[] not null check (cardinality(x) between 2 and 3)
x text[] not null check (x <@ array['read', 'write'] and x <> '{}')
x int[] not null check (5 = any (x))
u uuid not null check (u <> '00000000-0000-0000-0000-000000000000')
ip inet not null check (ip << '10.0.0.0/8')
ok boolean not null check (ok)
a text, b text, check (a is not null or b is not null)
a text, b text, c text, check (num_nonnulls(a, b, c) = 1)
a int, b int, check ((a is null) = (b is null)), check (b > 3)
status text not null default 'open', paid_at timestamptz, check ((status = 'paid') = (paid_at is not null)), check (status <> 'open')
kind text not null, url text, body text, file bytea, check (case kind when 'link' then url like 'http%' and body is null when 'text' then body is not null when 'file' then file is not null and url is null else false end)
a int not null check (a > 5), b int not null check (b > a), c int not null check (c > b and c < 10)
a date not null, b date not null, c date not null, check (b = a + 41 and c = b + 17)
a text not null check (a ~ '^a\\d+$'), b text not null check (b ~ '^b\\d+$'), c text not null check (c ~ '^c\\d+$'), d text not null check (d ~ '^d\\d+$'), e text not null check (e ~ '^e\\d+$'), check (num_nulls(a, b, c, d, e) = 0)
"Odd name" int not null check ("Odd name" = 42), "VALUE" text not null check ("VALUE" = 'VALUE''s')
w int not null, h int not null, area int generated always as (w * h) stored, check (area between 20 and 30)
v percentage not null, e email not null, s small_percentage not null`
  .trim()
  .split('\n');

const DEFINITIONS = `
  create domain percentage as numeric(5, 2) check (value between 0 and 100) check (value <> 0);
  create domain small_percentage as percentage check (value < 10 and value > 9);
  create domain email as text check (value ~ '^[^@]+@[^@]+\\.[^@]+$' and length(value) < 255);`;

test('each kind of condition is satisfied by three rows', async () => {
  const statements = TABLES.map((columns, index) => `create table t${index} (id serial primary key, ${columns});`);
  await using database = await fixture(DEFINITIONS + statements.join('\n'));
  const failures: string[] = [];
  for (const [index, columns] of TABLES.entries()) {
    const made = async (): Promise<void> => {
      for (let row = 0; row < 3; row += 1)
        await database.maker.insert(database.table(`t${index}`), { fillsOptionalColumns: row === 0 });
    };
    await made().catch((error: unknown) => failures.push(`${columns}: ${String(error)}`));
  }
  expect(failures).toEqual([]);
});

test('a condition that raises an error for some values is satisfied by trying values one by one', async () => {
  await using database = await fixture(`
    create table ratio (a int not null, b int not null, check (a / b > 2));
    create table number (t text not null check (t::int > 5 or t = 'never'));
    create function is_fine(w text, fine text) returns boolean language plpgsql immutable as $$
      begin if w <> fine then raise exception 'no: %', w; end if; return true; end $$;
    create table word (w text not null check (is_fine(w, 'fine')))`);
  for (const name of ['ratio', 'number', 'word']) {
    await database.maker.insertValues(database.table(name), await database.maker.values(database.table(name)));
    await database.maker.insert(database.table(name));
    expect(await database.query(`select from ${name}`)).toHaveLength(2);
  }
});

test('an unsatisfiable condition is named with a remedy, and the transaction continues', async () => {
  await using database = await fixture(`
    create table puzzle (id int primary key, t text not null check (length(t) > 0), constraint "the riddle" check (md5(t) like 'abcdef012%'))`);
  const attempt = database.maker.insert(database.table('puzzle'));
  await expect(attempt).rejects.toThrow(
    'Could not insert a row into puzzle: none of the tried values satisfies the CHECK constraint the riddle. Declare a sample row of this table: `pnpm verify` and `pnpm db:seed` use its values.',
  );
  await expect(attempt).rejects.toMatchObject({ constraint: 'the riddle', sqlState: '23514' });
  expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
});

test('a sample row is used without its keys if no values are found, for a parent row too', async () => {
  const sql = `
    create table person (id serial primary key);
    create table puzzle (id int primary key, person_id int not null references person, code text unique not null, t text not null check (md5(t) = md5('open sesame')));
    create table hint (puzzle_id int not null references puzzle)`;
  const sample = { id: '1', person_id: '99', code: 'taken', t: 'open sesame' };
  await using database = await fixture(sql, {
    samples: ({ name }) => (name === 'puzzle' ? [{ t: 'wrong' }, sample] : []),
  });
  await database.maker.insert(database.table('puzzle'));
  await database.maker.insert(database.table('puzzle'));
  expect(await database.query(`select from puzzle where t = 'open sesame' and code <> 'taken'`)).toHaveLength(2);
  await database.maker.insert(database.table('hint'));
  expect(await database.query('select from hint')).toHaveLength(1);
});

test('a row of all columns has a null only if a condition requires that', async () => {
  await using database = await fixture(`
    create table t (id int primary key, status text check (status in ('a', 'b')), n int default 3 check (n > 1), x text, y text, check (num_nulls(x, y) = 1))`);
  const { x, y, ...row } = await database.maker.values(database.table('t'), { fillsOptionalColumns: true });
  expect(Object.values(row)).toEqual([expect.any(String), 'a', expect.any(String)]);
  expect([x, y].filter((value) => typeof value === 'string')).toHaveLength(1);
});

test('given values are kept, or the condition that refuses them is named', async () => {
  await using database = await fixture(`
    create table t (id int primary key, a int not null, b int not null, check (a < b))`);
  expect(await database.maker.insert(database.table('t'), { given: { a: '2000000000' } })).toMatchObject({
    a: '2000000000',
  });
  await expect(database.maker.insert(database.table('t'), { given: { a: '5', b: '4' } })).rejects.toBeInstanceOf(
    RowError,
  );
});
