/** `seed` writes the same rows each time, few or many, and changes no others. */
import { connectSession } from '@todo/client/session';
import { emptyBranch } from '@todo/local-neon/vitest';
import { describe, expect, test } from 'vitest';

import type { Outcome } from '../command.ts';
import { query } from '../query.ts';
import { type FixturePackage, fixturePackage, type FixtureParts } from './fixture-package.ts';

// A table in another schema refers to a table whose name must be quoted, with a key that no sample states.
const schema = `
const shop = pgSchema('shop');
export const kind = pgEnum('kind', ['book', 'film']);
export const order = pgTable('order', {
  id: serial('id').primaryKey(),
  code: text('code').notNull().unique(),
  note: text('note'),
  kind: kind('kind').notNull().default('book'),
  tags: text('tags').array().notNull().default(['new']),
  detail: jsonb('detail'),
  at: timestamp('at', { withTimezone: true }).notNull().defaultNow(),
});
export const line = shop.table('line', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  orderId: integer('order_id').notNull().references(() => order.id, { onDelete: 'cascade' }),
  title: text('title').notNull(),
  isPaid: boolean('is_paid').notNull().default(false),
});
export { shop };`;

const migrations = [
  {
    name: '0000_first',
    sql: `create schema shop; create type kind as enum ('book', 'film');
      create table "order" (id serial primary key, code text not null unique, note text, kind kind not null default 'book',
        tags text[] not null default '{new}', detail jsonb, at timestamptz not null default now());
      create table shop.line (id int primary key generated always as identity, order_id int not null
        references "order" on delete cascade, title text not null, is_paid boolean not null default false)`,
  },
];

const samples = `{
  rows: [
    sampleRows(schema.order, { by: ['code'], rows: [{ code: 'a', detail: { n: 1 } }, { code: 'b', kind: 'film' }] }),
    sampleRows(schema.line, {
      by: ['orderId', 'title'],
      rows: [
        { orderId: refTo(schema.order, { code: 'b' }), title: 'one', isPaid: true },
        { orderId: refTo(schema.order, { code: 'b' }), title: 'two' },
      ],
    }),
  ],
  generated: async () => [
    generatedRows(schema.order, {
      isGenerated: orm.like(schema.order.code, 'generated %'),
      generate: () => (i) => ({ code: 'generated ' + i, tags: ['it''s', 'x, y'].slice(i % 2), detail: { i } }),
    }),
    generatedRows(schema.line, {
      owners: { orderId: schema.order },
      generate: (count) => (i) => ({ title: 'line ' + i + ' of ' + count, isPaid: i % 2 === 0 }),
    }),
  ],
}`.replace("''", String.raw`\'`);

const shop = (parts: Partial<FixtureParts> = {}) => fixturePackage({ schema, migrations, samples, ...parts });

const rowsOf = async (url: string) => ({
  orders: await query(url, 'select o.*, o.at::text from "order" o order by id'),
  lines: await query(url, 'select * from shop.line order by id'),
});

async function seeded(parts: Partial<FixtureParts> = {}) {
  const { url } = await emptyBranch();
  const fixture = await shop(parts);
  expect(await fixture.run(['seed'], { url })).toMatchObject({ exitCode: 0 });
  return { url, fixture };
}

/** Runs two seeds at once. Neither has ended when the other reads the existing rows. */
async function twoAtOnce(fixture: FixturePackage, url: string, ...flags: string[]): Promise<Outcome[]> {
  await using gate = await connectSession(url);
  await gate.query('begin; lock table "order" in exclusive mode');
  const both = Promise.all([fixture.run(['seed', ...flags], { url }), fixture.run(['seed', ...flags], { url })]);
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(() => query(url, waiting)).toHaveLength(2);
  await gate.query('commit');
  return both;
}

test('a seed migrates an empty database first, whichever schemas its tables are in', async () => {
  const { url } = await emptyBranch();
  const outcome = await (await shop()).run(['seed'], { url });
  expect(outcome).toMatchObject({
    exitCode: 0,
    stdout: 'Sample data: 2 rows of order, 2 rows of shop.line.\n',
    stderr: expect.stringContaining('There are no tables: applying the migrations first.'),
  });
  const { orders, lines } = await rowsOf(url);
  const [a, b] = [
    { code: 'a', kind: 'book', detail: { n: 1 } },
    { code: 'b', kind: 'film', detail: null },
  ];
  const rest = { note: null, tags: ['new'], at: expect.stringMatching(/^2026-01-05 09:00:00/) };
  expect(orders).toMatchObject([
    { ...a, ...rest },
    { ...b, ...rest },
  ]);
  expect(lines).toMatchObject([
    { order_id: orders[1]?.['id'], title: 'one', is_paid: true },
    { order_id: orders[1]?.['id'], title: 'two', is_paid: false },
  ]);
});

test('a second seed changes nothing, and restores sample rows that were changed meanwhile', async () => {
  const { url, fixture } = await seeded();
  const once = await rowsOf(url);
  await query(
    url,
    `update "order" set note = 'mine', kind = 'film', tags = '{}', detail = '[]', at = now()`,
    'update shop.line set is_paid = not is_paid',
  );
  expect(await fixture.run(['seed'], { url })).toMatchObject({ exitCode: 0 });
  expect(await rowsOf(url)).toEqual(once);
});

test('a seed does not change other rows', async () => {
  const { url, fixture } = await seeded();
  await query(
    url,
    `insert into "order" (code) values ('mine')`,
    `insert into shop.line (order_id, title) select id, 'mine' from "order"`,
    `insert into shop.line (order_id, title) select id, 'one' from "order" where code = 'mine'`,
  );
  const before = await rowsOf(url);
  await fixture.run(['seed'], { url });
  expect(await rowsOf(url)).toEqual(before);
});

test('two seeds at once write the sample rows once', async () => {
  const { url, fixture } = await seeded();
  await query(url, 'delete from "order"');
  expect(await twoAtOnce(fixture, url)).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }]);
  expect((await rowsOf(url)).lines).toHaveLength(2);
});

test('a sample row with an explicit number advances the sequence', async () => {
  const { url } = await seeded({
    samples: `{ rows: [sampleRows(schema.order, { by: ['id'], rows: [{ id: 7, code: 'g' }] })] }`,
  });
  expect(await query(url, `insert into "order" (code) values ('next') returning id`)).toEqual([{ id: 8 }]);
});

test('a seed fails on a reference to a missing row, names both tables, and writes nothing', async () => {
  const { url } = await emptyBranch();
  const fixture = await shop({
    samples: `{ rows: [
      sampleRows(schema.order, { by: ['code'], rows: [{ code: 'a' }] }),
      sampleRows(schema.line, { by: ['title'], rows: [{ title: 'x', orderId: refTo(schema.order, { code: 's3cret' }) }] }),
    ] }`,
  });
  const { exitCode, stdout, stderr } = await fixture.run(['seed'], { url });
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toContain('A sample row of shop.line refers by orderId to a row of order that does not exist');
  expect(stderr).not.toContain('s3cret');
  expect((await rowsOf(url)).orders).toEqual([]);
});

test('a seed of a database with only some of the tables is refused, and each missing table is named', async () => {
  const { url, fixture } = await seeded();
  await query(url, 'drop table shop.line');
  expect(await fixture.run(['seed'], { url })).toMatchObject({
    exitCode: 1,
    stdout: '',
    stderr: expect.stringMatching(/Nothing was done: the database lacks shop\.line\. Run `pnpm db:migrate`/),
  });
});

test('a seed of a database that is not on this machine is refused with exit code 4', async () => {
  const url = 'postgresql://ada:s3cret@ep-x.region.example.invalid/main';
  const { exitCode, stdout, stderr } = await (await shop()).run(['seed'], { url });
  expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
  expect(stderr).toMatch(/ada:\*\*\*@ep-x.*not on this machine.*DATABASE_URL/s);
  expect(stderr).not.toContain('s3cret');
});

describe('a table without sample rows', () => {
  const more = `${schema}
    export const tag = shop.table('tag', {
      id: serial('id').primaryKey(),
      name: varchar('name', { length: 5 }).notNull().unique(),
      orderId: integer('order_id').notNull().references(() => order.id),
      madeAt: timestamp('made_at').notNull().defaultNow(),
    });
    export const label = pgTable('label', { tagId: integer('tag_id').notNull().references(() => tag.id), day: text('day') });
    export const never = pgTable('never', { n: integer('n').notNull() });`;
  const made = {
    name: '0001_more',
    sql: `create table shop.tag (id serial primary key, name varchar(5) not null unique, order_id int not null references "order",
        made_at timestamp not null default now());
      create table label (tag_id int not null references shop.tag, day text);
      create table never (n int not null check (n > 1 and n < 1))`,
  };
  const parts = { schema: more, migrations: [...migrations, made] };

  test('gets three rows if it is empty, which refer to existing rows; a table that accepts no row is named', async () => {
    const { url } = await emptyBranch();
    const fixture = await shop(parts);
    const outcome = await fixture.run(['seed'], { url });
    expect(outcome).toMatchObject({
      exitCode: 0,
      stdout:
        'Sample data: 2 rows of order, 2 rows of shop.line.\nTables without sample rows, filled by the types of their columns: 3 rows of shop.tag, 3 rows of label.\n',
      stderr: expect.stringContaining('Could not insert a row into never: '),
    });
    expect((await rowsOf(url)).orders).toHaveLength(2);
    const tags = () => query(url, 'select t.*, made_at::text from shop.tag t order by id');
    const once = await tags();
    expect(once).toHaveLength(3);
    expect(once.map((row) => row['made_at'])).toEqual(Array.from({ length: 3 }, () => '2026-01-05 09:00:00'));
    expect(await fixture.run(['seed'], { url })).toMatchObject({
      exitCode: 0,
      stdout: 'Sample data: 2 rows of order, 2 rows of shop.line.\n',
    });
    expect(await tags()).toEqual(once);
  });
});

test('columns that `casing` names are seeded in all three ways', async () => {
  const { url } = await emptyBranch();
  const fixture = await fixturePackage({
    schema: `export const hen = pgTable('hen', { henId: serial().primaryKey(), fullName: text().notNull(), hatchedAt: timestamp().defaultNow() });
      export const egg = pgTable('egg', { henId: integer().notNull().references(() => hen.henId), laidOn: pg.date().notNull() });
      export const nest = pgTable('nest', { nestId: serial().primaryKey(), madeOf: text().notNull(), builtAt: timestamp().notNull().defaultNow() });`,
    options: { casing: 'snake_case' },
    samples: `{
      rows: [
        sampleRows(schema.hen, { by: ['henId'], rows: [{ henId: 5, fullName: 'Ada' }] }),
        sampleRows(schema.egg, { by: ['henId'], rows: [{ henId: refTo(schema.hen, { fullName: 'Ada' }), laidOn: '2026-01-01' }] }),
      ],
      generated: async () => [
        generatedRows(schema.hen, { isGenerated: orm.like(schema.hen.fullName, 'Hen %'), generate: () => (i) => ({ fullName: 'Hen ' + i }) }),
        generatedRows(schema.egg, { owners: { henId: schema.hen }, generate: () => () => ({ laidOn: '2026-01-01' }) }),
      ],
    }`,
  });
  expect(await fixture.run(['push'], { url })).toMatchObject({ exitCode: 0 });
  expect(await fixture.run(['seed'], { url })).toMatchObject({ exitCode: 0 });
  expect(await fixture.run(['seed', '--rows', 'hen=2,egg=4'], { url })).toMatchObject({ exitCode: 0 });
  expect(await query(url, 'select hen_id, full_name, hatched_at::text from hen order by 1')).toEqual(
    [
      [5, 'Ada'],
      [6, 'Hen 0'],
      [7, 'Hen 1'],
    ].map(([hen_id, full_name]) => ({ hen_id, full_name, hatched_at: '2026-01-05 09:00:00' })),
  );
  expect(await query(url, 'select hen_id from egg order by 1')).toEqual([5, 6, 6, 7, 7].map((hen_id) => ({ hen_id })));
  expect(await query(url, 'select built_at::text from nest limit 1')).toEqual([{ built_at: '2026-01-05 09:00:00' }]);
});

describe('seed --rows', () => {
  test('generates that many rows, distributed evenly over their owners, and stores every value unchanged', async () => {
    const { url } = await emptyBranch();
    const flags = ['--rows', 'order=7', '--rows', 'shop.line=6000'];
    expect(await (await shop()).run(['seed', ...flags], { url })).toMatchObject({
      exitCode: 0,
      stdout: 'Sample data: 7 rows of order, 6000 rows of shop.line.\n',
    });
    const { orders } = await rowsOf(url);
    expect(orders[0]).toMatchObject({ code: 'generated 0', tags: ["it's", 'x, y'], detail: { i: 0 }, note: null });
    expect(orders.at(-1)).toMatchObject({ code: 'generated 6', at: expect.stringMatching(/^2026-01-05 09:00:00/) });
    const each = await query(url, 'select count(*)::int as lines from shop.line group by order_id order by 1');
    expect(each.map((row) => row['lines'])).toEqual([857, 857, 857, 857, 857, 857, 858]);
    const turns = `select count(*)::int as turns from (select order_id <> lag(order_id) over (order by id) as is_turn from shop.line) l where is_turn`;
    expect(await query(url, turns)).toEqual([{ turns: 6 }]);
  });

  test('changes nothing for the same number, and writes the same rows to another database', async () => {
    const [{ url }, { url: other }, fixture] = [await emptyBranch(), await emptyBranch(), await shop()];
    await fixture.run(['seed', '--rows', 'order=3,shop.line=30'], { url });
    const once = await rowsOf(url);
    expect(once.lines).toHaveLength(30);
    expect(await fixture.run(['seed', '--rows', 'shop.line=30,order=3'], { url })).toMatchObject({
      exitCode: 0,
      stdout: 'Sample data: 3 rows of order, 30 rows of shop.line. The database has these rows already.\n',
    });
    expect(await rowsOf(url)).toEqual(once);
    await fixture.run(['seed', '--rows', 'order=3,shop.line=30'], { url: other });
    expect(await rowsOf(other)).toEqual(once);
  });

  test('refuses another number with exit code 4, replaces the rows with --replace, and keeps other rows', async () => {
    const { url, fixture } = await seeded();
    const seed = (...flags: string[]) => fixture.run(['seed', ...flags], { url });
    await seed('--rows', 'order=2,shop.line=5');
    const before = await rowsOf(url);
    const refused = await seed('--rows', 'order=2,shop.line=6');
    expect(refused).toMatchObject({ exitCode: 4, stdout: '' });
    expect(refused.stderr).toMatch(/2 rows of order, 5 rows of shop\.line.*--replace/s);
    expect(await rowsOf(url)).toEqual(before);

    expect(await seed('--rows', 'order=4,shop.line=6', '--replace')).toMatchObject({ exitCode: 0 });
    const { orders, lines } = await rowsOf(url);
    expect([orders.length, lines.length]).toEqual([2 + 4, 2 + 6]);
    expect(orders.slice(0, 2)).toEqual(before.orders.slice(0, 2));
    expect(lines.slice(0, 2)).toEqual(before.lines.slice(0, 2));
  });

  test('generates the rows once if two seeds run at once', async () => {
    const { url, fixture } = await seeded();
    const outcomes = await twoAtOnce(fixture, url, '--rows', 'order=5');
    expect(outcomes).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }]);
    expect((await rowsOf(url)).orders).toHaveLength(2 + 5);
  });

  test.each([
    [['--rows', 'order=-1'], 'table=number'],
    [['--rows', 'order=many'], 'table=number'],
    [['--rows', 'order'], 'table=number'],
    [['--rows', 'order=1,order=2'], 'twice'],
    [['--rows', 'shop.line=1'], 'needs a row of order: add `--rows order=…`'],
    [['--rows', 'order=0,shop.line=1'], 'needs a row of order'],
    [['--rows', 'ordre=1'], 'no generated rows of ordre. Name a table of `samples.generated`: order, shop.line.'],
    [['--replace'], 'Use `--replace` only with `--rows`'],
  ])('exits with 2 for an invalid number: %j', async (flags, message) => {
    const outcome = await (await shop()).run(['seed', ...flags], { url: 'postgresql://u:p@localhost:1/db' });
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining(message) });
  });
});
