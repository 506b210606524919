/** `reset` leaves the empty tables of the migrations, on this machine or on explicit request, and changes no other objects. */
import { join } from 'node:path';

import { connectSession } from '@todo/client/session';
import { emptyBranch, testBranch } from '@todo/local-neon/vitest';
import { describe, expect, test } from 'vitest';

import { readObjects } from '../../src/commands/reset/database-objects.ts';
import { run, start } from '../command.ts';
import { rewriteFolder, type TestMigration } from '../migrations-folder.ts';
import { query } from '../query.ts';
import { hasTerminals, onTerminal } from '../terminal.ts';
import { type FixturePackage, fixturePackage } from './fixture-package.ts';

const remote = 'postgresql://ada:s3cret@ep-x.region.example.invalid/main';

const first = {
  name: '0000_first',
  sql: `create schema shop;
    create type shop.kind as enum ('book');
    create domain positive as int check (value > 0);
    create sequence number;
    create table "Order" (id serial primary key, kind shop.kind, n positive);
    create table shop.line (id int primary key generated always as identity, order_id int references "Order");
    create table gone (id int primary key);
    create view shop.recent as select * from shop.line;
    create materialized view totals as select count(*) from shop.line;
    create function shop.twice(n int) returns int language sql as 'select n * 2';
    create function touch() returns trigger language plpgsql as 'begin return new; end';
    create trigger touched before update on "Order" for each row execute function touch();
    alter table shop.line enable row level security;
    create policy own on shop.line using (id > 0);
    create extension citext`,
};
const second = { name: '0001_second', sql: 'drop table gone; create table born (name citext)' };
const migrations = [first, second];
const shop = (more: readonly TestMigration[] = []) =>
  fixturePackage({ schema: '', migrations: [...migrations, ...more] });

async function migrated(fixture: FixturePackage): Promise<string> {
  const { url } = await emptyBranch();
  expect(await fixture.run(['migrate'], { url })).toMatchObject({ exitCode: 0 });
  await query(url, 'insert into "Order" (n) values (1)');
  return url;
}

async function objectsOf(url: string): Promise<string[]> {
  await using session = await connectSession(url);
  return (await readObjects(session)).map(({ type, identity }) => `${type} ${identity}`);
}

test('a reset drops all objects of the migrations in every schema, and creates them again without rows', async () => {
  const fixture = await shop();
  const url = await migrated(fixture);
  const before = await objectsOf(url);
  expect(await fixture.run(['reset'], { url })).toEqual({
    exitCode: 0,
    stdout:
      'dropped extension citext, function touch(), function shop.twice(integer), materialized view totals, schema shop,' +
      ' sequence number, table "Order", table born, table shop.line, type positive, type shop.kind, view shop.recent\n' +
      'applied 0000_first, 0001_second\n',
    stderr: expect.stringMatching(/^Database: .*\nConnected over .*\n$/),
  });
  expect(await objectsOf(url)).toEqual(before);
  expect(await query(url, 'select from "Order"')).toEqual([]);
  const { stdout } = await fixture.run(['status'], { url });
  expect(stdout).toMatch(/0000_first +applied.*\n0001_second +applied/);
});

test('a reset drops an object that an earlier migration creates and a later one drops', async () => {
  const fixture = await fixturePackage({ schema: '', migrations: [first] });
  const url = await migrated(fixture);
  await rewriteFolder(join(fixture.folder, 'migrations'), ...migrations);
  expect(await fixture.run(['reset'], { url })).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^dropped .*table gone/),
  });
  expect(await objectsOf(url)).not.toContain('table public.gone');
});

test('a reset keeps objects that no migration creates, with their rows, and lists them in one line', async () => {
  const fixture = await shop();
  const url = await migrated(fixture);
  await query(
    url,
    'create table "Stray one" (n int)',
    'insert into "Stray one" values (1)',
    'create function own() returns int language sql as $$select 1$$',
    'create schema other',
    'create table other.line (n int)',
    'create table drizzle.other_migrations (n int)',
  );
  expect(await fixture.run(['reset'], { url })).toMatchObject({
    exitCode: 0,
    stderr: expect.stringMatching(
      /\nLeft unchanged, because no migration creates it: function own\(\), table drizzle\.other_migrations, table "Stray one"\n$/,
    ),
  });
  expect(await query(url, 'select n from "Stray one"')).toEqual([{ n: 1 }]);
  expect(await query(url, 'select * from other.line')).toEqual([]);
});

test.each([
  ['a view on a table', 'create view looking as select id from "Order"', 'view looking'],
  ['a foreign key', 'create table mine (o int constraint fk references "Order")', 'table constraint fk on mine'],
  ['a column of a type', 'create table mine (n positive)', 'table column mine.n'],
  ['a table in a schema', 'create table shop.mine (n int)', 'table shop.mine'],
  ['a default', `create table mine (n int default nextval('number'))`, 'default value for mine.n'],
  [
    'a trigger by a function',
    'create table mine (); create trigger t before update on mine for each row execute function touch()',
    'trigger t on mine',
  ],
])(
  'a reset refuses to drop dependent objects of others, names them, and drops them with a flag: %s',
  async (_kind, sql, name) => {
    const fixture = await shop();
    const url = await migrated(fixture);
    await query(url, sql);
    const before = await objectsOf(url);
    const { exitCode, stdout, stderr } = await fixture.run(['reset'], { url });
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
    expect(stderr).toContain(`and would be dropped with them:\n  ${name}\n`);
    expect(stderr).toContain('--with-dependents');
    expect(await objectsOf(url)).toEqual(before);
    expect(await query(url, 'select n from "Order"')).toEqual([{ n: 1 }]);

    expect(await fixture.run(['reset', '--with-dependents'], { url })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(`dropped objects that depended on them: ${name}\n`),
    });
  },
);

test('a reset changes nothing if the migrations do not run on an empty database', async () => {
  const fixture = await shop();
  const url = await migrated(fixture);
  const broken = { name: '0002_broken', sql: 'alter table nowhere add n int' };
  await rewriteFolder(join(fixture.folder, 'migrations'), ...migrations, broken);
  const { exitCode, stdout, stderr } = await fixture.run(['reset'], { url });
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(
    /Nothing was done: the migrations do not run on an empty database\.\n0002_broken\.sql:1.*42P01/,
  );
  expect(await query(url, 'select n from "Order"')).toEqual([{ n: 1 }]);
});

test('a reset changes nothing if the migrations run on the shadow and not on this database', async () => {
  const fixture = await shop();
  const url = await migrated(fixture);
  // A view of another application has the name of a table that the migrations create next.
  await query(url, 'create view later as select 1 as n');
  const next = { name: '0002_next', sql: 'create table later (n int)' };
  await rewriteFolder(join(fixture.folder, 'migrations'), ...migrations, next);
  const { exitCode, stdout, stderr } = await fixture.run(['reset'], { url });
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(/Nothing was done: .*\n0002_next\.sql:1.*relation "later" already exists \(SQLSTATE 42P07\)/);
  expect(await query(url, 'select n from "Order"')).toEqual([{ n: 1 }]);
});

test('a reset applies files outside a transaction and uses of new enum labels after the commit', async () => {
  const fixture = await fixturePackage({
    schema: '',
    migrations: [
      { name: '0000_first', sql: `create type kind as enum ('a'); create table t (k kind)` },
      { name: '0001_index', sql: '-- migrate: no transaction\ncreate index concurrently on t (k)' },
      { name: '0002_label', sql: `alter type kind add value 'b'` },
      { name: '0003_use', sql: `alter table t alter k set default 'b'` },
    ],
  });
  const { url } = await emptyBranch();
  for (let round = 0; round < 2; round += 1) {
    expect(await fixture.run(['reset'], { url })).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/\napplied 0000_first, 0001_index, 0002_label, 0003_use\n$/),
    });
  }
});

test('a reset of a database that is not on this machine is refused with exit code 4, and the flag for it is named', async () => {
  const { exitCode, stdout, stderr } = await run(['reset'], { url: remote });
  expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
  expect(stderr).toMatch(/ada:\*\*\*@ep-x.*Nothing was done.*--yes-delete-everything/s);
  expect(stderr).not.toContain('s3cret');
});

test.each([[], ['--database', 'mai'], ['--database', 'MAIN'], ['--database', '']])(
  'the flag is not enough without the full name of the database: %j',
  async (...flags) => {
    const outcome = await run(['reset', '--yes-delete-everything', ...flags], { url: remote });
    expect(outcome).toMatchObject({ exitCode: 4, stdout: '', stderr: expect.stringContaining('--database') });
  },
);

describe.skipIf(!hasTerminals())('a reset on a terminal asks for the name', () => {
  const question =
    /All objects that the migrations create in postgresql:\/\/ada:\*\*\*@ep-x.* Type the database's name: /;
  const asked = (answer: string) => onTerminal(['reset', '--yes-delete-everything'], { url: remote, question, answer });

  test('and runs if the full name is typed', async () => {
    expect(await asked('main\n')).toMatchObject({ exitCode: 3, output: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) });
  });

  test.each(['\n', 'mai\n', 'MAIN\n'])('and does nothing if another name is typed: %j', async (answer) => {
    expect(await asked(answer)).toMatchObject({ exitCode: 4, output: expect.stringContaining('Nothing was done') });
  });

  test.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('and exits with 130 on %s', async (_name, key) => {
    const { exitCode, output } = await asked(key);
    expect({ exitCode, output }).toEqual({ exitCode: 130, output: expect.stringContaining('nothing was done') });
    expect(output).not.toContain('bug');
  });
});

test('a reset runs with the flag and the name', async () => {
  const outcome = await run(['reset', '--yes-delete-everything', '--database', 'main'], { url: remote });
  expect(outcome).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) });
});

test('Ctrl-C ends a reset with exit code 130 and leaves everything as it was', async () => {
  const { url } = await testBranch();
  await query(url, `insert into "group" (email, secret) values ('kept@example.com', 'h')`);
  await using holder = await connectSession(url);
  await holder.query('begin; lock table "group"');

  const { child, outcome } = start(['reset'], { url });
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(() => query(url, waiting)).toHaveLength(1);
  child.kill('SIGINT');
  expect(await outcome).toMatchObject({ exitCode: 130, stdout: '', stderr: expect.stringContaining('Interrupted') });

  await holder.query('rollback');
  expect(await query(url, 'select email from "group"')).toEqual([{ email: 'kept@example.com' }]);
});
