/** Rows for tables of every shape, on real PostgreSQL. */
import { expect, test } from 'vitest';

import { fixtures } from './fixture-database.ts';

const fixture = fixtures();

test('rows are made for tables of every kind, in an order that their references allow', async () => {
  await using database = await fixture(`
    create type mood as enum ('ok');
    create table zweig (id bigint generated always as identity primary key, up bigint references zweig);
    create table "A leaf" (zweig bigint unique not null references zweig, c char(3) not null, v varchar(4) unique not null,
       t text not null, u uuid not null, j jsonb not null, b bytea not null, d date not null, ts timestamptz not null, n numeric(3, 1) not null,
       f float not null, m mood not null, a int[] not null, i interval not null, ip inet not null, bo boolean not null,
       g int generated always as (1) stored, "Odd name" text not null);
    create table nothing (id serial primary key);
    create table hen (id int primary key, egg int);
    create table egg (id int primary key, hen int references hen);
    alter table hen add foreign key (egg) references egg;
    create table strict (n int not null check (n > 100));`);
  for (const table of database.tables) {
    for (const isFull of [true, false, false]) await database.maker.insert(table, { isFull });
    expect((await database.query(`select from "${table.name}"`)).length).toBeGreaterThanOrEqual(3);
  }
  expect(database.tables).toHaveLength(6);
});
