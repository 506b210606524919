/** Tests the catalog on PostgreSQL: each difference is found exactly once, and harmless changes are never reported. */
import { testBranch } from '@todo/local-neon/vitest';
import { afterAll, describe, expect, test } from 'vitest';

import {
  compareCatalogs,
  describeDifference,
  type Difference,
  quoted,
  readCatalog,
  reconcile,
} from '../src/catalog/index.ts';
import { connectSession } from '@todo/client/session';
import { mutations, taskByHand } from './catalog/mutations.ts';

const branch = await testBranch();
const session = await connectSession(branch.url);
afterAll(() => session.close());
const wanted = await readCatalog(session);
await session.query('create schema aside');

async function run(...statements: string[]): Promise<void> {
  for (const statement of statements) await session.query(statement);
}

async function differences(): Promise<Difference[]> {
  return compareCatalogs(await readCatalog(session), wanted);
}

describe('a change is found once, under its name, and reverted by the statements of reconcile:', () => {
  test.each(Object.entries(mutations))('%s', async (_title, { sql, finds, undo }) => {
    await run(...sql);
    const found = await differences();
    expect(found.map(describeDifference)).toEqual(finds);

    await run(...(undo ?? found.flatMap((difference) => reconcile(difference, wanted))));
    expect((await differences()).map(describeDifference)).toEqual([]);
  });

  test('an index whose concurrent build failed is found and repaired', async () => {
    await run(
      `drop index idx_group_email_unique`,
      `insert into "group" (email, secret) values ('a@example.com', 'x'), ('a@example.com', 'x')`,
    );
    const build = run(`create unique index concurrently idx_group_email_unique on "group" (email)`);
    await expect(build).rejects.toMatchObject({ code: '23505' });

    const found = await differences();
    expect(found.map(describeDifference)).toEqual([
      'index group.idx_group_email_unique: index state is invalid, not ready, wanted usable',
    ]);
    await run(`delete from "group"`, ...found.flatMap((difference) => reconcile(difference, wanted)));
    expect(await differences()).toEqual([]);
  });
});

test.each(['order', 'a$b', 'A "b"'])(
  'a child of the table %s is found once, whatever quotes its name needs',
  async (name) => {
    const table = `aside.${quoted(name)}`;
    await run(
      'create table aside.base (a int)',
      `create table ${table} () inherits (aside.base)`,
      `create table aside.leaf () inherits (${table})`,
    );
    const before = await readCatalog(session);
    const found = async () => compareCatalogs(await readCatalog(session), before).map(describeDifference);

    await run(`alter table ${table} add column b int`);
    expect(await found()).toEqual([`column aside.${name}.b: not wanted, is integer`]);
    await run(`drop table aside.leaf, ${table}`);
    expect((await found()).toSorted()).toEqual(
      [`table aside.${name}: missing, wanted table`, 'table aside.leaf: missing, wanted table'].toSorted(),
    );
    await run('drop table aside.base');
  },
);

test('the statements of reconcile are written for a database in use', () => {
  const said = ['task_group_id_fkey', 'idx_task_group_id'].map((name) => {
    const have = wanted.filter((fact) => fact.name !== name);
    return compareCatalogs(have, wanted).flatMap((difference) => reconcile(difference, wanted));
  });
  expect(said).toEqual([
    [
      'ALTER TABLE public."task" ADD CONSTRAINT "task_group_id_fkey" FOREIGN KEY (group_id) REFERENCES public."group"(id)' +
        ' ON DELETE CASCADE NOT VALID',
      'ALTER TABLE public."task" VALIDATE CONSTRAINT "task_group_id_fkey"',
    ],
    ['CREATE INDEX CONCURRENTLY idx_task_group_id ON public.task USING btree (group_id)'],
  ]);
});

describe('a change is no difference:', () => {
  test.each(
    Object.entries({
      'rows, and gaps in their ids': [
        `insert into "group" (email, secret) select n || '@example.com', 'x' from generate_series(1, 100) n`,
        `delete from "group" where id % 2 = 0`,
      ],
      statistics: [`analyze`],
      comments: [`comment on table task is 'what to do'`, `comment on column task.title is 'what'`],
      'other schemas, that of the migrations table among them': [`create table aside.extra (id serial primary key)`],
      'the same table made by hand': taskByHand,
      'a table that an extension brought': [
        `create extension citext`,
        `create table brought (id int primary key)`,
        `alter extension citext add table brought`,
      ],
    }),
  )('%s', async (_title, statements) => {
    await run(...statements);
    expect((await differences()).map(describeDifference)).toEqual([]);
  });
});

describe('readCatalog', () => {
  test('returns the same facts for any settings of the session, and leaves the settings unchanged', async () => {
    await run(
      `create table aside.odd (at timestamptz default '2026-01-31 12:00+02', every interval default '1 day 2 hours', f float8 default 0.1,
         bytes bytea default '\\x00ff')`,
      `alter table aside.odd set schema public`,
    );
    const before = await readCatalog(session);
    await using other = await connectSession(branch.url);
    await other.query(`set search_path to aside`);
    await other.query(`set timezone to 'Asia/Tokyo'`);
    await other.query(`set datestyle to 'SQL, DMY'`);
    await other.query(`set intervalstyle to 'iso_8601'`);
    await other.query(`set extra_float_digits to -10`);
    await other.query(`set bytea_output to 'escape'`);
    await other.query(`set quote_all_identifiers to on`);
    expect(await readCatalog(other)).toEqual(before);
    expect((await other.query(`show search_path`)).rows).toEqual([{ search_path: 'aside' }]);
    await run(`drop table odd`);
  });

  test('reads through a read-only session', async () => {
    await using reader = await connectSession(branch.url);
    await reader.query(`set default_transaction_read_only to on`);
    expect(compareCatalogs(await readCatalog(reader), wanted)).toEqual([]);
  });

  test('returns text for every attribute', () => {
    const values = wanted.flatMap(({ attributes }) => Object.values(attributes));
    expect(values.filter((value) => typeof value !== 'string' || value === '')).toEqual([]);
  });
});

test('compareCatalogs does not depend on the order of the facts', async () => {
  await run(`drop index idx_task_group_id`, `alter table task drop column updated_at`, `create table stray ()`);
  const have = await readCatalog(session);
  expect(compareCatalogs(have.toReversed(), wanted)).toEqual(compareCatalogs(have, wanted.toReversed()));
  expect(compareCatalogs(have, wanted)).toHaveLength(3);
});
