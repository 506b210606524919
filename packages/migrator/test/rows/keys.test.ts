/** Rows that refer to other rows, and rows that must differ from other rows. */
import { expect, test } from 'vitest';

import { RowError } from '../../src/rows/index.ts';
import { type Fixture, fixtures } from './fixture-database.ts';

const fixture = fixtures();

/** Inserts this number of rows, every second with values in all columns. */
async function insertRows({ maker, table }: Fixture, name: string, count: number): Promise<void> {
  for (let row = 0; row < count; row += 1) await maker.insert(table(name), { fillsOptionalColumns: row % 2 === 1 });
}

const count = async ({ query }: Fixture, name: string): Promise<number> => (await query(`select from ${name}`)).length;

test('a parent that several rows can share is inserted once', async () => {
  await using database = await fixture(`
    create table person (id serial primary key, email text not null unique);
    create table note (id serial primary key, person_id int not null references person)`);
  await insertRows(database, 'note', 5);
  expect(await count(database, 'person')).toBe(1);
});

test('a parent that only one row can refer to is inserted again each time', async () => {
  await using database = await fixture(`
    create table person (id serial primary key);
    create table profile (person_id int primary key references person);
    create table avatar (id int primary key, profile_id int not null unique references profile)`);
  await insertRows(database, 'avatar', 3);
  expect(await count(database, 'person')).toBe(3);
});

test('a join table gets another pair each time', async () => {
  await using database = await fixture(`
    create table person (id serial primary key);
    create table team (id uuid primary key default gen_random_uuid());
    create table member (person_id int references person, team_id uuid references team, primary key (person_id, team_id))`);
  await insertRows(database, 'member', 4);
  expect(await count(database, 'member')).toBe(4);
});

test('foreign keys that share a column get parents that agree in it', async () => {
  await using database = await fixture(`
    create table tenant (id uuid primary key);
    create table person (id serial primary key);
    create table member (tenant_id uuid references tenant, person_id int references person, primary key (tenant_id, person_id));
    create table project (tenant_id uuid not null references tenant, id int generated always as identity, primary key (tenant_id, id));
    create table label (tenant_id uuid references tenant, name varchar(3), primary key (tenant_id, name));
    create table task (id bigserial primary key, tenant_id uuid not null references tenant, project_id int not null, assignee_id int, label varchar(3),
      foreign key (tenant_id, project_id) references project, foreign key (tenant_id, assignee_id) references member (tenant_id, person_id),
      foreign key (tenant_id, label) references label)`);
  // Each table has a tenant of its own already.
  for (const name of ['label', 'member', 'project']) {
    const [tenant] = await database.query('insert into tenant values (gen_random_uuid()) returning id');
    await database.maker.insert(database.table(name), { given: { tenant_id: String(tenant?.['id']) } });
  }
  await insertRows(database, 'task', 4);
  expect(await database.query('select from task where assignee_id is not null and label is not null')).toHaveLength(2);
});

test('a foreign key finds its parent by a unique key, also by a nullable one', async () => {
  await using database = await fixture(`
    create table country (id serial primary key, code char(2) unique not null);
    create table city (name text primary key, code text unique);
    create table street (id int primary key, country char(2) not null references country (code), city text not null references city (code))`);
  await insertRows(database, 'street', 3);
  expect(await count(database, 'street')).toBe(3);
});

test('a row with a reference to its own table has null if possible, and otherwise refers to itself', async () => {
  await using database = await fixture(`
    create table loose (id serial primary key, parent_id int references loose);
    create table tight (id serial primary key, parent_id int not null references tight);
    create table identity (id int generated always as identity primary key, parent_id int not null references identity);
    create table tenant (id int primary key);
    create table wide (tenant_id int references tenant, id uuid default gen_random_uuid(), parent_id uuid not null, primary key (tenant_id, id),
      foreign key (tenant_id, parent_id) references wide)`);
  for (const name of ['loose', 'tight', 'identity', 'wide']) await insertRows(database, name, 3);
  expect(await database.query('select from loose where parent_id is null')).toHaveLength(3);
  expect(await database.query('select from tight where parent_id = id')).toHaveLength(3);
});

test('a cycle of references is entered at a nullable column', async () => {
  await using database = await fixture(`
    create table hen (id int primary key, egg_id int);
    create table egg (id int primary key, hen_id int not null references hen);
    alter table hen add foreign key (egg_id) references egg`);
  await insertRows(database, 'hen', 2);
  await insertRows(database, 'egg', 2);
  expect(await count(database, 'hen')).toBeGreaterThanOrEqual(2);
});

test('a cycle without a nullable column is closed if one of its keys is deferrable', async () => {
  await using database = await fixture(`
    create table company (id serial primary key, owner_id int not null);
    create table owner (id serial primary key, company_id int not null references company deferrable);
    alter table company add foreign key (owner_id) references owner deferrable initially deferred`);
  await insertRows(database, 'company', 2);
  await insertRows(database, 'owner', 2);
  await database.query('commit');
  expect(await count(database, 'company')).toBeGreaterThanOrEqual(2);
});

test('a cycle that cannot be entered is an error that names the foreign key', async () => {
  await using database = await fixture(`
    create table a (id int primary key, b_id int not null);
    create table b (id int primary key, a_id int not null references a);
    alter table a add foreign key (b_id) references b`);
  const attempt = database.maker.insert(database.table('a'));
  await expect(attempt).rejects.toBeInstanceOf(RowError);
  await expect(attempt).rejects.toThrow(/^Could not insert a row into b: the foreign key b_a_id_fkey closes a cycle/);
  expect(await database.query('select 1 as one')).toEqual([{ one: 1 }]);
});

test('foreign keys may refer to other schemas', async () => {
  await using database = await fixture(`
    create schema audit; create schema "Odd ""one";
    create table "Odd ""one"."a table" (id serial primary key);
    create table audit.event (id serial primary key, what int not null references "Odd ""one"."a table")`);
  await database.maker.insert(database.table('event', 'audit'));
  expect(await database.query('select from audit.event')).toHaveLength(1);
});

test('a free value is found among few, and if all are taken, the error names the key', async () => {
  await using database = await fixture(`
    create type size as enum ('s', 'm', 'l');
    create table flag (id serial primary key, is_on boolean not null unique);
    create table stock (size size not null, is_new boolean not null, primary key (size, is_new));
    create table letter (c char(1) primary key);
    create table setting (is_only boolean primary key default true check (is_only))`);
  await insertRows(database, 'flag', 2);
  await insertRows(database, 'stock', 6);
  await insertRows(database, 'letter', 30);
  await insertRows(database, 'setting', 1);
  await expect(database.maker.insert(database.table('setting'))).rejects.toMatchObject({ sqlState: '23505' });
  await expect(database.maker.insert(database.table('flag'))).rejects.toThrow(
    'Could not insert a row into flag: none of the tried values satisfies the unique key flag_is_on_key. Declare a sample row of this table: `pnpm verify` and `pnpm db:seed` use its values.',
  );
  await expect(database.maker.insert(database.table('stock'))).rejects.toMatchObject({
    constraint: 'stock_pkey',
    sqlState: '23505',
  });
});

test('partial and expression indexes and NULLS NOT DISTINCT are satisfied', async () => {
  await using database = await fixture(`
    create table person (id serial primary key, email text not null);
    create unique index on person (lower(email));
    create table address (id serial primary key, person_id int not null references person, is_default boolean not null default true);
    create unique index on address (person_id) where is_default;
    create table setting (id serial primary key, name boolean unique nulls not distinct);
    create table visit (id serial primary key, at timestamptz not null);
    create unique index on visit (date_trunc('day', at at time zone 'UTC'));
    create table closing (id serial primary key, closed_on date not null);
    create unique index on closing (date_trunc('month', closed_on::timestamp))`);
  await insertRows(database, 'person', 3);
  await insertRows(database, 'address', 4);
  await insertRows(database, 'setting', 3);
  await insertRows(database, 'visit', 3);
  await insertRows(database, 'closing', 20);
  expect(await count(database, 'address')).toBe(4);
});

test('an exclusion constraint is satisfied', async () => {
  await using database = await fixture(`
    create extension btree_gist;
    create table room (id serial primary key);
    create table booking (id serial primary key, room_id int not null references room, during tstzrange not null,
      exclude using gist (room_id with =, during with &&));
    create table stay (id serial primary key, room_id int not null references room, starts_on date not null, ends_on date not null,
      check (starts_on < ends_on), exclude using gist (room_id with =, daterange(starts_on, ends_on) with &&))`);
  await insertRows(database, 'booking', 5);
  await insertRows(database, 'stay', 5);
  expect(await count(database, 'stay')).toBe(5);
});

test('existing rows do not cause conflicts', async () => {
  await using database = await fixture(
    `create table a (id smallint primary key, code varchar(2) unique not null);
     insert into a select n, lpad(n::text, 2, '0') from generate_series(1, 40) n;
     create table later (id smallint primary key deferrable initially deferred);
     insert into later select generate_series(1, 40)`,
    { salt: 1 },
  );
  await insertRows(database, 'a', 3);
  await insertRows(database, 'later', 3);
  await database.query('commit');
  expect(await count(database, 'a')).toBe(43);
  expect(await count(database, 'later')).toBe(43);
});

test('an existing parent is used if no new one can be inserted', async () => {
  await using database = await fixture(`
    create table state (name text primary key check (name in ('open', 'closed')));
    insert into state values ('open'), ('closed');
    create table part (id serial primary key);
    create table ticket (id int primary key, state text not null references state);
    create table step (state text references state, part_id int references part, primary key (state, part_id))`);
  await insertRows(database, 'ticket', 3);
  await insertRows(database, 'step', 5);
  expect(await count(database, 'state')).toBe(2);
});

test('parents that wait for a row are removed if the row cannot be inserted', async () => {
  await using database = await fixture(`
    create table company (id serial primary key, owner_id int not null, check (owner_id = 5 and md5(owner_id::text) = 'no'));
    create table owner (id serial primary key, company_id int not null references company deferrable initially deferred);
    alter table company add foreign key (owner_id) references owner;
    create table other (id int primary key)`);
  await expect(database.maker.insert(database.table('company'))).rejects.toBeInstanceOf(RowError);
  await insertRows(database, 'other', 1);
  await database.query('commit');
  expect(await count(database, 'other')).toBe(1);
  expect(await count(database, 'owner')).toBe(0);
});

test('a parent whose savepoint was rolled back is inserted again', async () => {
  await using database = await fixture(`
    create table person (id serial primary key);
    create table note (id serial primary key, person_id int not null references person)`);
  const { maker, session } = database;
  const note = database.table('note');
  await session.query('savepoint before');
  await maker.insert(note);
  await session.query('rollback to savepoint before');
  await maker.insert(note);
  await session.query('rollback to savepoint before');
  await maker.insertValues(note, await maker.values(note));
  expect(await count(database, 'person')).toBe(1);
});

test('a table gets rows without a primary key, with key columns only, or without columns', async () => {
  await using database = await fixture(`
    create table keyless (body text not null);
    create table key_only (id int generated always as identity primary key);
    create table nothing ()`);
  for (const name of ['keyless', 'key_only', 'nothing']) {
    await insertRows(database, name, 2);
    expect(await count(database, name)).toBe(2);
  }
});

test('generated columns are left out, also those that a foreign key or a condition names', async () => {
  await using database = await fixture(`
    create table item (id serial, kind text check (kind in ('film', 'book')), primary key (id, kind));
    create table book (id int primary key, kind text generated always as ('book') stored, pages int not null,
      weight int generated always as (pages * 2) stored check (weight between 10 and 12),
      foreign key (id, kind) references item)`);
  await insertRows(database, 'item', 1);
  await insertRows(database, 'book', 2);
  expect(await database.query('select from book where weight between 10 and 12')).toHaveLength(2);
});

test('a parent has the value that the condition of its child requires', async () => {
  await using database = await fixture(`
    create table item (id serial, kind text not null check (kind in ('film', 'book', 'song')), primary key (id, kind));
    create table song (id int primary key, kind text not null default 'song' check (kind = 'song'), foreign key (id, kind) references item);
    create table person (id serial primary key);
    create table friend (a int references person, b int references person, primary key (a, b), check (a < b))`);
  await insertRows(database, 'item', 1);
  await insertRows(database, 'song', 3);
  await insertRows(database, 'friend', 3);
  expect(await count(database, 'song')).toBe(3);
});

test('a partitioned table gets rows for its partitions, and is an error without a partition', async () => {
  await using database = await fixture(`
    create table event (id serial, at date not null, kind text not null, primary key (id, at, kind)) partition by range (at);
    create table event_2031 partition of event for values from ('2031-01-01') to ('2032-01-01') partition by list (kind);
    create table event_2031_a partition of event_2031 for values in ('alpha');
    create table none (id int primary key) partition by hash (id)`);
  await insertRows(database, 'event', 3);
  expect(database.tables.map(({ name }) => name)).toEqual(['event', 'none']);
  await expect(database.maker.insert(database.table('none'))).rejects.toBeInstanceOf(RowError);
});
