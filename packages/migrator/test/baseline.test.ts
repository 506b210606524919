/**
 * A database that `push` or manual SQL created: it is baselined if it equals the result of the migrations, else it stays as it is and the
 * differences are printed.
 */
import { emptyBranch, testBranch } from '@todo/local-neon/vitest';
import { pushSchema } from 'drizzle-kit/api';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';
import { expect, test } from 'vitest';

import { migrate, type MigrateEvent, type MigrationError, type Shadow } from '../src/index.ts';
import { database } from './fixture/database.js';
import * as schema from './fixture/schema.js';
import { migrationsFolder, type TestMigration } from './migrations-folder.ts';
import { query } from './query.ts';

/** Does the same as `drizzle-kit push` on an empty database. */
async function push(url: string): Promise<void> {
  const pool = new Pool({ connectionString: url });
  try {
    const { apply } = await pushSchema(schema, drizzle(pool), ['public']);
    await apply();
  } finally {
    await pool.end();
  }
}

async function shadow(): Promise<Shadow> {
  const { url } = await emptyBranch();
  return { url, [Symbol.asyncDispose]: async () => {} };
}

const noShadow = () => Promise.reject(new Error('no comparison was needed'));
const recordedIn = (url: string) => query(url, 'select hash, created_at::text from drizzle.__drizzle_migrations');
const hasMigrationsTable = async (url: string) =>
  (await query(url, `select to_regclass('drizzle.__drizzle_migrations') is not null as found`))[0]?.['found'];

const own = '0000_create_group_and_task';
const made: TestMigration = { name: '0000_make', sql: 'CREATE TABLE "thing" (id serial PRIMARY KEY, size int);' };
const filled: TestMigration = { name: '0001_index', sql: 'CREATE INDEX thing_size ON thing (size);' };
const grown: TestMigration = { name: '0002_grow', sql: 'ALTER TABLE thing ADD COLUMN weight int NOT NULL;' };

test('a pushed database is baselined: its migrations are recorded as if they had run, and the rows stay', async () => {
  const { url } = await emptyBranch();
  await push(url);
  await query(url, `insert into "group" (email, secret) values ('a@example.com', 'x')`);
  const events: MigrateEvent[] = [];
  const result = await migrate(url, database.migrations, { shadow, onProgress: (event) => events.push(event) });
  expect(result).toEqual({ applied: [], baselined: [own], unchanged: [] });
  expect(events.slice(1)).toEqual([{ kind: 'comparing' }, { kind: 'baselined', name: own }]);

  const { url: migratedUrl } = await testBranch();
  expect(await recordedIn(url)).toEqual(await recordedIn(migratedUrl));
  expect(await query(url, 'select id from "group"')).toHaveLength(1);
  expect(await migrate(url, database.migrations, { shadow: noShadow })).toEqual({
    applied: [],
    baselined: [],
    unchanged: [own],
  });
});

test('a pushed database that differs from the migrations is not changed, and each difference is named', async () => {
  const { url } = await emptyBranch();
  await push(url);
  await query(
    url,
    'drop index idx_task_group_id',
    'alter table task alter column title type text',
    'alter table "group" add column nickname text',
    'alter table task rename constraint task_group_id_fkey to fk',
  );
  const error = await migrate(url, database.migrations, { shadow }).catch((refusal: unknown) => refusal);
  expect(error).toMatchObject({ code: 'BASELINE_DIFFERS' });
  expect((error as MigrationError).message.split('\n')).toEqual([
    'The schema was created by another tool or manually, and differs from the schema of the migrations:',
    '  column group.nickname: not wanted, is text',
    '  column task.title: type is text, wanted character varying(200)',
    '  index task.idx_task_group_id: missing,' +
      ' wanted CREATE INDEX idx_task_group_id ON public.task USING btree (group_id)',
    '  constraint task.task_group_id_fkey: is named fk',
    'These statements make the database equal to the migrations. Run them in this order, outside a transaction:',
    '  ALTER TABLE public."task" RENAME CONSTRAINT "fk" TO "task_group_id_fkey";',
    '  ALTER TABLE public."task" ALTER COLUMN "title" TYPE character varying(200);',
    '  CREATE INDEX CONCURRENTLY idx_task_group_id ON public.task USING btree (group_id);',
    '  -- deletes data: ALTER TABLE public."group" DROP COLUMN "nickname";',
    expect.stringMatching(/^Nothing was changed\. Run these statements or `pnpm db:push`, then/),
  ]);
  expect(await hasMigrationsTable(url)).toBe(false);
});

test('a pushed database is not changed without a shadow, and the error says that one is needed', async () => {
  const { url } = await emptyBranch();
  await push(url);
  await expect(migrate(url, database.migrations)).rejects.toMatchObject({
    code: 'NEEDS_SHADOW',
    message: expect.stringMatching(/^The database has "group", "task" but no record .* shadow: startLocalNeon/),
  });
  expect(await hasMigrationsTable(url)).toBe(false);
});

test('a database with the tables of the first migrations is baselined up to these, and the others are applied', async () => {
  const { url } = await emptyBranch();
  await query(url, made.sql, filled.sql);
  const directory = await migrationsFolder(made, filled, grown);
  expect(await migrate(url, directory, { shadow })).toEqual({
    applied: ['0002_grow'],
    baselined: ['0000_make', '0001_index'],
    unchanged: [],
  });
  expect(await recordedIn(url)).toHaveLength(3);
});

test('an existing table of a later migration is not taken for a table of another application', async () => {
  const { url } = await emptyBranch();
  const later = { name: '0001_later', sql: 'CREATE TABLE later (id int);' };
  await query(url, made.sql, 'create table later (id text)');
  const directory = await migrationsFolder(made, later);
  await expect(migrate(url, directory, { shadow })).rejects.toThrow('column later.id: type is text, wanted integer');
  expect(await hasMigrationsTable(url)).toBe(false);
});

test('a table that migrations rename or drop later is compared like any other', async () => {
  const { url } = await emptyBranch();
  const renamed = {
    name: '0001_rename',
    sql: 'CREATE TABLE draft (id int);--> statement-breakpoint\nALTER TABLE thing RENAME TO item;',
  };
  const dropped = { name: '0002_drop', sql: 'DROP TABLE draft;' };
  await query(url, made.sql, 'alter table thing rename to item', 'create table draft (id int)');
  const directory = await migrationsFolder(made, renamed, dropped);
  expect(await migrate(url, directory, { shadow })).toEqual({
    applied: ['0002_drop'],
    baselined: ['0000_make', '0001_rename'],
    unchanged: [],
  });
});

test('an existing table is recognized by the name that a later migration gives it', async () => {
  const { url } = await emptyBranch();
  await query(url, made.sql, 'alter table thing rename to item');
  const directory = await migrationsFolder(made, { name: '0001_rename', sql: 'ALTER TABLE thing RENAME TO item;' });
  expect((await migrate(url, directory, { shadow })).baselined).toEqual(['0000_make', '0001_rename']);
});

test('the order of columns and tables of other applications are no differences', async () => {
  const { url } = await emptyBranch();
  await query(
    url,
    'create table thing (size int, id serial primary key)',
    'create table other (id serial primary key, thing int references thing)',
    'create sequence ticket',
  );
  const directory = await migrationsFolder(made);
  expect((await migrate(url, directory, { shadow })).baselined).toEqual(['0000_make']);
});

test('tables of other applications need no comparison: the migrations are applied beside them', async () => {
  const { url } = await emptyBranch();
  await query(url, 'create table other (id serial primary key)', 'create table things (id int)');
  const directory = await migrationsFolder(made);
  expect((await migrate(url, directory, { shadow: noShadow })).applied).toEqual(['0000_make']);
});

test('the shadow is disposed of, also if the database differs', async () => {
  const { url } = await emptyBranch();
  await query(url, 'create table thing (id text)');
  let disposals = 0;
  const counted = async () => ({ ...(await shadow()), [Symbol.asyncDispose]: async () => void disposals++ });
  const directory = await migrationsFolder(made);
  await expect(migrate(url, directory, { shadow: counted })).rejects.toMatchObject({ code: 'BASELINE_DIFFERS' });
  expect(disposals).toBe(1);
});

test('two runs at once record the baseline once', async () => {
  const { url } = await emptyBranch();
  await query(url, made.sql);
  const directory = await migrationsFolder(made);
  const runs = await Promise.all([migrate(url, directory, { shadow }), migrate(url, directory, { shadow })]);
  expect(runs.flatMap(({ baselined }) => baselined)).toEqual(['0000_make']);
  expect(await recordedIn(url)).toHaveLength(1);
});
