/** Reads the definitions of tables in one query. */
import { expect, test } from 'vitest';

import { readTables } from '../../src/rows/index.ts';
import { fixtures } from './fixture-database.ts';

const fixture = fixtures();

test('tables of all schemas of the application are read in one query, parents before children', async () => {
  await using database = await fixture(`
    create extension hstore;
    create schema drizzle; create table drizzle.__drizzle_migrations (id serial);
    create schema zoo;
    create table zoo.animal (id serial primary key);
    create table cage (id serial primary key, animal_id int references zoo.animal);
    create table bar (id serial primary key, cage_id int references cage) partition by hash (id);
    create table bar_0 partition of bar for values with (modulus 1, remainder 0);
    create temporary table passing (id int);
    create view v as select 1`);
  let count = 0;
  const tables = await readTables({
    query: (text, params) => {
      count += 1;
      return database.session.query(text, params);
    },
  });
  expect(tables.map(({ schema, name }) => `${schema}.${name}`)).toEqual(['zoo.animal', 'public.cage', 'public.bar']);
  expect(count).toBe(1);
  const named = await readTables(database.session, { schemas: ['zoo'] });
  expect(named.map(({ name }) => name)).toEqual(['animal']);
});

test('a column has its type, its base type, and the source of its value', async () => {
  await using database = await fixture(`
    create type mood as enum ('glad', 'sad');
    create domain short as varchar(5) not null check (value <> 'VALUE' and value > 'a');
    create domain shorter as short check (length(value) < 4);
    create table t (id int generated always as identity, n bigserial, m mood[], s shorter, c char(3) not null default 'abc',
      g int generated always as (1 + 1) stored, x numeric(5, 2))`);
  const { columns, domainChecks } = database.table('t');
  const base = { isArray: false, isGenerated: false, hasSequence: false, isNullable: true };
  expect(columns).toEqual([
    {
      ...base,
      name: 'id',
      type: 'integer',
      baseType: 'integer',
      category: 'N',
      isNullable: false,
      identity: 'always',
      hasSequence: true,
    },
    {
      ...base,
      name: 'n',
      type: 'bigint',
      baseType: 'bigint',
      category: 'N',
      isNullable: false,
      hasSequence: true,
      default: `nextval('t_n_seq'::regclass)`,
    },
    {
      ...base,
      name: 'm',
      type: 'mood[]',
      baseType: 'mood[]',
      category: 'A',
      isArray: true,
      dimensions: 1,
      element: { baseType: 'mood', category: 'E', labels: ['glad', 'sad'], isRestricted: false },
    },
    {
      ...base,
      name: 's',
      type: 'shorter',
      baseType: 'character varying(5)',
      category: 'S',
      isNullable: false,
      maxLength: 5,
    },
    {
      ...base,
      name: 'c',
      type: 'character(3)',
      baseType: 'character(3)',
      category: 'S',
      isNullable: false,
      maxLength: 3,
      default: `'abc'::bpchar`,
    },
    {
      ...base,
      name: 'g',
      type: 'integer',
      baseType: 'integer',
      category: 'N',
      isGenerated: true,
      generation: '(1 + 1)',
    },
    { ...base, name: 'x', type: 'numeric(5,2)', baseType: 'numeric(5,2)', category: 'N' },
  ]);
  expect(domainChecks).toEqual([
    {
      name: 'short_check',
      columns: ['s'],
      expression: `((("s")::text <> 'VALUE'::text) AND (("s")::text > 'a'::text))`,
    },
    { name: 'shorter_check', columns: ['s'], expression: '(length(("s")::text) < 4)' },
  ]);
});

test('keys, their kinds and their actions are read', async () => {
  await using database = await fixture(`
    create table p (a int, b int, c text unique nulls not distinct, primary key (b, a));
    create unique index p_part on p (a) include (b) where b > 0;
    create unique index p_expression on p (lower(c), a);
    create table k (x int, y int, constraint k_p foreign key (x, y) references p (b, a) on delete set null deferrable initially deferred,
      check (x < y));
    alter table k add constraint k_later foreign key (y, x) references p (b, a) on delete restrict not valid`);
  const plain = {
    predicate: undefined,
    isPartial: false,
    isNullsNotDistinct: false,
    isDeferred: false,
  };
  const { primaryKey, uniqueKeys } = database.table('p');
  expect(primaryKey).toEqual(['b', 'a']);
  expect(uniqueKeys).toEqual([
    {
      ...plain,
      name: 'p_c_key',
      columns: ['c'],
      dependsOn: ['c'],
      keys: ['c'],
      isNullsNotDistinct: true,
    },
    {
      ...plain,
      name: 'p_expression',
      columns: ['a'],
      dependsOn: ['a', 'c'],
      keys: ['lower(c)', 'a'],
    },
    {
      ...plain,
      name: 'p_part',
      columns: ['a'],
      dependsOn: ['a', 'b'],
      keys: ['a'],
      predicate: '(b > 0)',
      isPartial: true,
    },
    {
      ...plain,
      name: 'p_pkey',
      columns: ['b', 'a'],
      dependsOn: ['a', 'b'],
      keys: ['b', 'a'],
    },
  ]);
  const { foreignKeys, checks } = database.table('k');
  const references = { schema: 'public', name: 'p', columns: ['b', 'a'] };
  expect(foreignKeys).toEqual([
    {
      name: 'k_later',
      columns: ['y', 'x'],
      references,
      onDelete: 'restrict',
      isDeferrable: false,
      isDeferred: false,
    },
    {
      name: 'k_p',
      columns: ['x', 'y'],
      references,
      onDelete: 'set null',
      isDeferrable: true,
      isDeferred: true,
    },
  ]);
  expect(checks).toEqual([{ name: 'k_check', columns: ['x', 'y'], expression: '(x < y)' }]);
});
