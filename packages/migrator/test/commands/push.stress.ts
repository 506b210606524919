/** `push` changes a database to match the schema, or prints the reason if it cannot. */
import { emptyBranch, testBranch } from '@todo/local-neon/vitest';
import { describe, expect, test } from 'vitest';

import { run } from '../command.ts';
import { query } from '../query.ts';
import { hasTerminals, onTerminal } from '../terminal.ts';
import { type FixturePackage, fixturePackage } from './fixture-package.ts';

const NO_CHANGES = 'No changes: the database equals the schema.\n';

async function pushed(schema: string): Promise<{ url: string; fixture: FixturePackage; push: Push }> {
  const { url } = await emptyBranch();
  const fixture = await fixturePackage({ schema });
  const push: Push = (...flags) => fixture.run(['push', ...flags], { url });
  expect(await push()).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining('The database equals the schema.'),
  });
  return { url, fixture, push };
}

type Push = (...flags: string[]) => ReturnType<FixturePackage['run']>;

const note = (columns: string, extra = '[]') =>
  `export const note = pgTable('note', { id: serial('id').primaryKey(), n: integer('n'), ${columns} }, (t) => ${extra});`;

test('a second push finds no changes, for a schema with every kind of object', async () => {
  const { push } = await pushed(`
    ${note(
      `s: text('s'), a: text('a').array().default(['x', 'y z']), j: jsonb('j').default({ a: [1] }), d: pg.date('d').default('2020-01-01'),
       t: timestamp('t', { precision: 3 }).default(new Date(0)), m: numeric('m', { precision: 5, scale: 2 }).default('1.50'),
       u: uuid('u').defaultRandom(), c: pg.char('c', { length: 3 }).default('ab'), i: pg.interval('i').default('1 day'),
       g: integer('g').generatedAlwaysAs(sql\`n * 2\`), x: integer('x').generatedAlwaysAsIdentity({ startWith: 10 })`,
      `[index('i').on(t.n, sql\`lower(\${t.s})\`), uniqueIndex('u').on(t.s).where(sql\`n > 5\`), check('c', sql\`\${t.n} > 3\`),
       pgPolicy('p', { for: 'select', to: 'public', using: sql\`s = current_user\` }),
       pgPolicy('q', { as: 'restrictive', for: 'update', using: sql\`true\`, withCheck: sql\`n > 0\` })]`,
    )}
    export const key = pgTable('key', { a: integer('a'), b: integer('b') }, (t) => [primaryKey({ columns: [t.a, t.b] })]);
    export const cut = pgTable('${'n'.repeat(60)}', { a: integer('abc').references(() => note.id) });
    export const audit = pgSchema('audit');
    export const kind = audit.enum('kind', ['a']);
    export const event = audit.table('event', { id: serial('id').primaryKey(), k: kind('k').default('a') });
    export const quotes = pgTable('Order Line', { a: integer('Öl').references(() => note.id) }, (t) => [
      index('A b').on(t.a), unique('U u').on(t.a)]);
    export const q = pgSequence('q', { startWith: 5 });
    export const v = pgView('v').as((qb) => qb.select().from(note).where(orm.gt(note.n, 5)));
    export const m = pg.pgMaterializedView('m').as((qb) => qb.select({ n: note.n }).from(note));`);
  expect(await push()).toEqual({ exitCode: 0, stdout: NO_CHANGES, stderr: expect.not.stringContaining('Left alone') });
});

test('a push to an empty database has the same result as the migrations, and a second push finds no changes', async () => {
  const { url } = await emptyBranch();
  const outcome = await run(['push'], { url });
  expect(outcome).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('CREATE TABLE public."task"') });
  expect(await run(['push'], { url })).toMatchObject({ exitCode: 0, stdout: NO_CHANGES });
  const migrated = await testBranch();
  expect(await run(['push'], { url: migrated.url })).toMatchObject({ exitCode: 0, stdout: NO_CHANGES });
});

/** One change in a separate table: its schema before and after, and the expected statements. */
interface Change {
  readonly of: string;
  readonly before: string;
  readonly after: string;
  readonly look: string;
  readonly is: unknown;
}

const table = (name: string, columns: string, extra = '') =>
  `export const ${name} = pgTable('${name}', { n: integer('n'), ${columns} }, (t) => [${extra}]);`;
const view = (name: string, of: string, rest = '') =>
  `export const ${name} = pgView('${name}').as((qb) => qb.select().from(${of})${rest});`;

const CHANGES: readonly Change[] = [
  {
    of: 'a CHECK',
    before: table('t1', '', "check('c', sql`${t.n} > 3`)"),
    after: table('t1', '', "check('c', sql`${t.n} > 4`)"),
    look: `select pg_get_constraintdef(oid) as is from pg_constraint where conname = 'c'`,
    is: 'CHECK ((n > 4))',
  },
  {
    of: 'a view',
    before: table('t2', '') + view('v2', 't2', '.where(orm.gt(t2.n, 5))'),
    after: table('t2', '') + view('v2', 't2'),
    look: `select pg_get_viewdef('v2') like '%WHERE%' as is`,
    is: false,
  },
  {
    of: 'an index on an expression',
    before: table('t3', '', "index('i3').on(sql`(${t.n} + 1)`)"),
    after: table('t3', '', "index('i3').on(sql`(${t.n} + 2)`)"),
    look: `select pg_get_indexdef('i3'::regclass) like '%(n + 2)%' as is`,
    is: true,
  },
  {
    of: 'a generated column',
    before: table('t4', 'g: integer("g").generatedAlwaysAs(sql`n * 2`)'),
    after: table('t4', 'g: integer("g").generatedAlwaysAs(sql`n * 3`)'),
    look: 'insert into t4 (n) values (2) returning g as is',
    is: 6,
  },
  {
    of: 'a policy',
    before: table('t5', '', "pgPolicy('p', { using: sql`n = 1` })"),
    after: table('t5', '', "pgPolicy('p', { using: sql`n = 2`, withCheck: sql`n = 3` })"),
    look: `select pg_get_expr(polqual, polrelid) || pg_get_expr(polwithcheck, polrelid) as is from pg_policy`,
    is: '(n = 2)(n = 3)',
  },
  {
    of: 'the type of a column that a view shows',
    before: table('t6', "k: integer('k')") + view('v6', 't6'),
    after: table('t6', "k: bigint('k', { mode: 'number' })") + view('v6', 't6'),
    look: `select atttypid::regtype::text as is from pg_attribute where attrelid = 'v6'::regclass and attname = 'k'`,
    is: 'bigint',
  },
  {
    of: 'an enum whose new label is used at once',
    before: `export const e7 = pgEnum('e7', ['a']); ${table('t7', "k: e7('k')")}`,
    after: `export const e7 = pgEnum('e7', ['b', 'a']); ${table('t7', "k: e7('k').default('b')")}`,
    look: 'insert into t7 (n) values (1) returning k::text as is',
    is: 'b',
  },
];

describe('a push finds and applies a change', () => {
  test(`of ${CHANGES.map(({ of }) => of).join(', ')}`, async () => {
    const { url, fixture, push } = await pushed(CHANGES.map(({ before }) => before).join('\n'));
    await fixture.write(CHANGES.map(({ after }) => after).join('\n'));
    expect(await push()).toMatchObject({ exitCode: 0, stdout: expect.not.stringContaining('No changes') });
    for (const { of, look, is } of CHANGES) expect([of, await query(url, look)]).toEqual([of, [{ is }]]);
    expect(await push()).toMatchObject({ exitCode: 0, stdout: NO_CHANGES });
  });

  test('of a unique constraint on a table with rows, without a question and without losing a row', async () => {
    const { url, fixture, push } = await pushed(note(`s: text('s')`));
    await query(url, `insert into note (s) values ('a'), ('b')`);
    await fixture.write(note(`s: text('s').unique()`));
    expect(await push()).toMatchObject({ exitCode: 0 });
    expect(await query(url, 'select s from note')).toHaveLength(2);
    await query(url, 'alter table note drop constraint note_s_unique', `update note set s = 'a'`);
    expect(await push()).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('SQLSTATE 23505') });
    expect(await query(url, 'select s from note')).toHaveLength(2);
  });
});

test('a push creates a dropped object again, and standard output contains only the statement', async () => {
  const { url } = await testBranch();
  await query(url, 'drop index idx_task_group_id');
  const { exitCode, stdout } = await run(['push'], { url });
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: 'CREATE INDEX idx_task_group_id ON public.task USING btree (group_id);\n',
  });
});

test('a push does not touch objects that Drizzle cannot declare, and lists them', async () => {
  const { url } = await testBranch();
  await query(
    url,
    `create function touch() returns trigger language plpgsql as 'begin return new; end'`,
    'create trigger touched before update on task for each row execute function touch()',
    'create extension citext',
    'create domain positive as int check (value > 0)',
    'grant select on task to public',
  );
  expect(await run(['push'], { url })).toMatchObject({
    exitCode: 0,
    stdout: NO_CHANGES,
    stderr: expect.stringMatching(/Left unchanged, because a Drizzle schema cannot define it: trigger task\.touched\n/),
  });
});

describe('a push that would lose data', () => {
  test('is refused with exit code 4 and changes nothing, unless it is forced', async () => {
    const { url } = await testBranch();
    await query(url, 'create table extra (n int)', 'insert into extra values (1)', 'drop index idx_task_group_id');
    expect(await run(['push'], { url })).toMatchObject({
      exitCode: 4,
      stdout: '',
      stderr: expect.stringMatching(
        /This data is deleted:\n {2}1 row of extra {2}\(DROP TABLE public\."extra"\).*Nothing was done.*DROP TABLE public\."extra".*--force/s,
      ),
    });
    expect(await query(url, 'select n from extra')).toEqual([{ n: 1 }]);
    expect(await query(url, `select to_regclass('idx_task_group_id') as index`)).toEqual([{ index: null }]);

    expect(await run(['push', '--force'], { url })).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('This data is deleted:\n  1 row of extra'),
    });
    expect(await query(url, `select to_regclass('extra') as table`)).toEqual([{ table: null }]);
  });

  test('counts the values of a dropped column', async () => {
    const { url } = await testBranch();
    await query(url, 'alter table "group" add column nick text, add column empty text');
    await query(url, `insert into "group" (email, secret, nick) values ('a@b.c', 'h', 'ada'), ('b@b.c', 'h', null)`);
    expect(await run(['push'], { url })).toMatchObject({
      exitCode: 4,
      stderr: expect.stringMatching(/This data is deleted:\n {2}1 value of group\.nick {2}\(ALTER TABLE .*\)\n[^ ]/),
    });
  });

  test('is not possible for a new required column without a default on a table with rows: it is refused, with remedies', async () => {
    const { url, fixture, push } = await pushed(
      `${note('')} export const part = pgTable('part', { of: integer('of').references(() => note.id, { onDelete: 'cascade' }) });`,
    );
    await query(url, 'insert into note (n) values (1), (2)', 'insert into part select id from note');
    const part = `export const part = pgTable('part', { of: integer('of').references(() => note.id, { onDelete: 'cascade' }) });`;
    await fixture.write(`${note(`s: text('s').notNull()`)} ${part}`);
    for (const flags of [[], ['--force']]) {
      const { exitCode, stdout, stderr } = await push(...flags);
      expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
      expect(stderr).toMatch(
        /note has 2 rows, and the new column s must not be null and has no default\.\nAdd a default/,
      );
    }
    expect(await query(url, 'select * from part')).toHaveLength(2);

    await fixture.write(`${note('').replace("integer('n')", "integer('n').notNull()")} ${part}`);
    await query(url, 'update note set n = null where n = 1');
    expect(await push()).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining(
        '1 row of note has null in n, which the schema makes NOT NULL.\nFill the column first: update "note" set "n" =',
      ),
    });
  });
});

const ask = (fixture: FixturePackage, url: string, answer: string) =>
  onTerminal(['push'], { url, program: fixture.program, question: /Type a number from 0 to 1: /, answer });

describe('a possible rename in a push', () => {
  const renamed = note('').replace("integer('n')", "integer('m')");

  test('fails without a terminal: both names are printed, and nothing is changed', async () => {
    const { url, fixture, push } = await pushed(note(''));
    await fixture.write(renamed);
    const { exitCode, stdout, stderr } = await push('--force');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(
      /Nothing was changed\. These objects are new or renamed.*\n {2}column note\.m: new, or renamed from note\.n\n.*terminal/s,
    );
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(
      await query(url, `select from pg_attribute where attrelid = 'note'::regclass and attname = 'n'`),
    ).toHaveLength(1);
  });

  describe.skipIf(!hasTerminals())('is asked about on a terminal', () => {
    test('and keeps the values of a renamed column', async () => {
      const { url, fixture, push } = await pushed(note('', `[index('i').on(t.n)]`));
      await query(url, 'insert into note (n) values (7)');
      await fixture.write(renamed.replace('=> []', `=> [index('i').on(t.n)]`));
      const { exitCode, output } = await ask(fixture, url, '1\n');
      expect(output).toContain('Is the column note.m new, or renamed?');
      expect({ exitCode, output }).toEqual({
        exitCode: 0,
        output: expect.stringContaining('RENAME COLUMN "n" TO "m"'),
      });
      expect(await query(url, 'select m from note')).toEqual([{ m: 7 }]);
      expect(await push()).toMatchObject({ stdout: NO_CHANGES });
    });

    test('and keeps the rows and the ids of a renamed table', async () => {
      const { url, fixture, push } = await pushed(note(`s: text('s').unique()`));
      // A sequence does not return the same number again.
      await query(url, `insert into note (s) values ('a'), ('gone')`, 'delete from note where id = 2');
      await fixture.write(note(`s: text('s').unique()`).replaceAll(`'note'`, `'memo'`));
      expect(await ask(fixture, url, '1\n')).toMatchObject({ exitCode: 0 });
      expect(await query(url, `insert into memo (s) values ('b') returning id`)).toEqual([{ id: 3 }]);
      expect(await push()).toMatchObject({ stdout: NO_CHANGES });
    });

    test('and counts the lost values if the column is new', async () => {
      const { url, fixture } = await pushed(note(''));
      await query(url, 'insert into note (n) values (7)');
      await fixture.write(renamed);
      expect(await ask(fixture, url, '0\n')).toMatchObject({
        exitCode: 4,
        output: expect.stringContaining('1 value of note.n'),
      });
    });

    test('and changes nothing on Ctrl-C', async () => {
      const { url, fixture } = await pushed(note(''));
      await fixture.write(renamed);
      expect(await ask(fixture, url, '\u0003')).toMatchObject({ exitCode: 130 });
    });
  });
});

test('a push rolls back the earlier statements if PostgreSQL refuses one', async () => {
  const { url } = await testBranch();
  await query(
    url,
    'alter table task drop column description',
    'drop index idx_group_email_unique',
    'create domain idx_group_email_unique as int',
    `insert into "group" (email, secret) values ('a', 'h'), ('a', 'h')`,
  );
  const { exitCode, stderr } = await run(['push'], { url });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/PostgreSQL refused: .*\(SQLSTATE \w{5}\)/);
  expect(
    await query(url, `select from pg_attribute where attname = 'description' and attrelid = 'task'::regclass`),
  ).toEqual([]);
});

test('a push refuses a schema that drizzle-kit cannot write before it connects', async () => {
  const fixture = await fixturePackage({ schema: `const k = pgEnum('k', ['a']); ${note(`k: k('k')`)}` });
  expect(await fixture.run(['push'], { url: 'postgresql://u:p@localhost:1/db' })).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('The column note.k uses the enum k, which is not exported'),
  });
});

const remote = 'postgresql://ada:s3cret@ep-x.region.example.invalid';

test.each(['main', 'devil', 'mydevs'])(
  'a push to a database that is not for development is refused with exit code 4: %s',
  async (name) => {
    const { exitCode, stdout, stderr } = await run(['push', '--force'], { url: `${remote}/${name}` });
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
    expect(stderr).toMatch(/Nothing was done: postgresql:\/\/ada:\*\*\*@ep-x.*--force-remote/s);
    expect(stderr).not.toContain('s3cret');
  },
);

test.each([['main', '--force-remote'], ['dev'], ['todo_development'], ['dev-ada']])(
  'a push is allowed to a database with a name for development, and to any with --force-remote: %s',
  async (name, ...flags) => {
    expect(await run(['push', ...flags], { url: `${remote}/${name}` })).toMatchObject({ exitCode: 3 });
  },
);
