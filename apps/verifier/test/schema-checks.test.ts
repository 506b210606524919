import { LocalNeonError } from '@todo/local-neon';
import { emptyBranch, testBranch } from '@todo/local-neon/vitest';
import { beforeAll, describe, expect, it } from 'vitest';

import { checksOf } from '../src/checks/index.ts';
import { openContext } from '../src/open-context.ts';
import { runChecks } from '../src/run-checks.ts';
import { selectChecks } from '../src/select-checks.ts';
import { execute } from './database.ts';
import { prove, proveTwoTables, remedies, targetOf } from './prove.ts';
import { twoTables, twoTablesBranch } from './two-tables/two-tables.ts';

const checks = checksOf(twoTables);

type Poison = readonly [id: string, sql: readonly string[], fix: string];

/** Each entry changes a database in one way, which exactly one check must find. */
const POISONS: readonly Poison[] = [
  ['schema/table-missing', ['drop table todo'], 'CREATE TABLE public."todo"'],
  ['schema/table-extra', ['create table stray (id int)'], 'move the live one away'],
  ['schema/relation-kind', ['alter table todo set unlogged'], 'ALTER TABLE public."todo" SET LOGGED;'],
  ['schema/table-options', ['alter table todo set (fillfactor = 50)'], 'ALTER TABLE public."todo" RESET (fillfactor);'],
  [
    'schema/column-missing',
    ['alter table todo drop description'],
    'ALTER TABLE public."todo" ADD COLUMN "description" text;',
  ],
  ['schema/column-extra', ['alter table todo add due date'], 'ADD COLUMN IF NOT EXISTS'],
  [
    'schema/column-type',
    ['alter table todo alter title type varchar(100)'],
    'ALTER TABLE public."todo" ALTER COLUMN "title" TYPE character varying(200);',
  ],
  [
    'schema/column-nullability',
    ['alter table todo alter title drop not null'],
    'SELECT * FROM public."todo" WHERE "title" IS NULL;\nALTER TABLE public."todo" ALTER COLUMN "title" SET NOT NULL;',
  ],
  [
    'schema/column-default',
    ['alter table todo alter is_completed drop default'],
    'ALTER TABLE public."todo" ALTER COLUMN "is_completed" SET DEFAULT false;',
  ],
  [
    'schema/column-order',
    ['alter table todo drop description', 'alter table todo add description text'],
    'name the columns in each INSERT',
  ],
  [
    'schema/primary-key',
    ['alter table todo drop constraint todo_pkey'],
    'ALTER TABLE public."todo" ADD CONSTRAINT "todo_pkey" PRIMARY KEY (id);',
  ],
  [
    'schema/index-missing',
    ['drop index idx_todo_user_id'],
    'CREATE INDEX CONCURRENTLY idx_todo_user_id ON public.todo USING btree (user_id);',
  ],
  ['schema/index-extra', ['create index stray on todo (title)'], 'DROP INDEX CONCURRENTLY public."stray";'],
  [
    'schema/index-definition',
    ['drop index idx_todo_user_id', 'create index idx_todo_user_id on todo (user_id) where is_completed'],
    'DROP INDEX CONCURRENTLY public."idx_todo_user_id";\nCREATE INDEX CONCURRENTLY idx_todo_user_id',
  ],
  [
    'schema/index-invalid',
    [
      'drop index idx_user_email_unique',
      `insert into "user" (email, hashed_password) values ('a@b.cc', ''), ('a@b.cc', '')`,
      // The statement fails on purpose, and leaves an invalid index behind.
      'create unique index concurrently idx_user_email_unique on "user" (email)',
    ],
    'REINDEX INDEX CONCURRENTLY public."idx_user_email_unique";',
  ],
  [
    'schema/fk-missing',
    ['alter table todo drop constraint todo_user_id_fkey'],
    'ON DELETE CASCADE NOT VALID;\nALTER TABLE public."todo" VALIDATE CONSTRAINT "todo_user_id_fkey";',
  ],
  [
    'schema/fk-definition',
    [
      'alter table todo drop constraint todo_user_id_fkey',
      'alter table todo add constraint todo_user_id_fkey foreign key (user_id) references "user" (id)',
    ],
    'ALTER TABLE public."todo" DROP CONSTRAINT "todo_user_id_fkey";',
  ],
  [
    'schema/constraint-not-valid',
    [
      'alter table todo drop constraint todo_user_id_fkey',
      'alter table todo add constraint todo_user_id_fkey foreign key (user_id) references "user" (id) on delete cascade not valid',
    ],
    'ALTER TABLE public."todo" VALIDATE CONSTRAINT "todo_user_id_fkey";',
  ],
  [
    'schema/constraint-extra',
    ['alter table todo add constraint short check (length(title) < 10)'],
    'ALTER TABLE public."todo" DROP CONSTRAINT "short";',
  ],
  [
    'schema/name',
    ['alter index idx_todo_user_id rename to todo_by_user'],
    'ALTER INDEX public."todo_by_user" RENAME TO "idx_todo_user_id";',
  ],
  [
    'schema/trigger-rule',
    ['create rule never as on delete to todo do instead nothing'],
    'DROP RULE "never" ON public."todo";',
  ],
  [
    'schema/rls',
    ['alter table todo enable row level security'],
    'ALTER TABLE public."todo" DISABLE ROW LEVEL SECURITY;',
  ],
  ['schema/privileges', ['grant select on todo to public'], 'REVOKE SELECT ON public."todo" FROM PUBLIC;'],
  ['schema/extra-object', ['create view everything as select * from todo'], 'DROP VIEW public."everything";'],
  ['schema/sequence', ['alter sequence todo_id_seq increment 2'], 'ALTER SEQUENCE public."todo_id_seq" INCREMENT 1;'],
];

let clean: string;

beforeAll(async () => {
  clean = (await twoTablesBranch()).url;
});

describe('a database that differs in one way', () => {
  it.each(POISONS)('is found by %s and by no other check, with its remedy', async (id, sql, fix) => {
    const { url } = await twoTablesBranch();
    await breakWith(url, sql);
    const found = remedies(await proveTwoTables(url, { only: ['schema'], shadow: clean }));
    expect(found).toEqual({ [id]: expect.stringContaining(fix) });
  });

  it('is found if only the migrations, and not the code, create the constraint', async () => {
    const [{ url }, shadow] = await Promise.all([twoTablesBranch(), twoTablesBranch()]);
    await execute(shadow.url, 'alter table todo add constraint named check (title is not null)');
    const found = remedies(await proveTwoTables(url, { only: ['schema'], shadow: shadow.url }));
    expect(found).toEqual({ 'schema/constraint-missing': expect.stringContaining('ADD CONSTRAINT "named" CHECK') });
  });

  it('exists in these tests for every schema check', () => {
    // Only a superuser can disable the triggers of a foreign key: see the sabotages.
    // `any-schema.test.ts` has sabotages of objects that these tables do not have.
    const elsewhere = [
      'schema/constraint-missing',
      'schema/fk-trigger-disabled',
      'schema/enum',
      'schema/view',
      'schema/function',
    ];
    const poisoned = [...POISONS.map(([id]) => id), ...elsewhere];
    const ids = checks.map(({ id }) => id).filter((id) => id.startsWith('schema/'));
    expect(poisoned.toSorted()).toEqual(ids.toSorted());
  });
});

describe('a renamed table', () => {
  it('is reported with a RENAME to its wanted name', async () => {
    const { url } = await twoTablesBranch();
    await execute(url, 'alter table todo rename to todos');
    const found = remedies(await proveTwoTables(url, { only: ['schema/table-missing'], shadow: clean }));
    expect(found).toEqual({ 'schema/table-missing': 'ALTER TABLE public."todos" RENAME TO "todo";' });
  });
});

describe('an unfinished extra object', () => {
  it.each<[what: string, sql: string[], found: Record<string, string>]>([
    [
      'an index whose build failed',
      [
        `insert into "user" (email, hashed_password) values ('a@b.cc', ''), ('c@d.ee', '')`,
        'create unique index concurrently stray on "user" (hashed_password)',
      ],
      {
        'schema/index-extra': 'DROP INDEX CONCURRENTLY public."stray";',
        'schema/index-invalid': 'REINDEX INDEX CONCURRENTLY public."stray";',
      },
    ],
    [
      'a constraint that nobody validated',
      ['alter table todo add constraint short check (length(title) < 10) not valid'],
      {
        'schema/constraint-extra': 'ALTER TABLE public."todo" DROP CONSTRAINT "short";',
        'schema/constraint-not-valid': 'ALTER TABLE public."todo" VALIDATE CONSTRAINT "short";',
      },
    ],
  ])('is reported both as %s and as extra', async (_, sql, found) => {
    const { url } = await twoTablesBranch();
    await breakWith(url, sql);
    expect(remedies(await proveTwoTables(url, { only: ['schema'], shadow: clean }))).toEqual(found);
  });
});

describe('the severity of a difference', () => {
  it.each([
    ['a column that takes null is a warning', 'schema/column-extra', 'alter table todo add due date', 'warn'],
    [
      'a column that each insert must fill is a failure',
      'schema/column-extra',
      'alter table todo add due date not null',
      'fail',
    ],
    [
      'a column that fills itself is a warning',
      'schema/column-extra',
      'alter table todo add priority integer not null default 0',
      'warn',
    ],
    [
      'an index that holds more than its keys is a warning',
      'schema/index-definition',
      'drop index idx_todo_user_id; create index idx_todo_user_id on todo (user_id) include (title)',
      'warn',
    ],
    ['ids taken by the dozen are a warning', 'schema/sequence', 'alter sequence todo_id_seq cache 12', 'warn'],
    ['a right to read is a warning', 'schema/privileges', 'grant select on todo to pg_monitor', 'warn'],
    ['a right to write is a failure', 'schema/privileges', 'grant delete on todo to pg_monitor', 'fail'],
    [
      'how the planner is helped is nothing to act on',
      'schema/table-options',
      'alter table todo alter title set statistics 500, cluster on idx_todo_user_id',
      'info',
    ],
  ])('%s', async (_, id, sql, status) => {
    const { url } = await twoTablesBranch();
    await execute(url, sql);
    const [result] = await proveTwoTables(url, { only: [id], shadow: clean });
    expect(result?.status).toBe(status);
  });
});

async function noRoom(): Promise<never> {
  throw new LocalNeonError('START_FAILED', 'no room');
}

describe('a machine that cannot start a local Neon', () => {
  it('skips the schema checks and names the cause', async () => {
    const { contextFor, close } = await openContext(twoTables, { ...targetOf(clean, clean, false), shadow: noRoom });
    const selected = selectChecks(checks, { only: ['schema', 'migrate/replay'] });
    const results = await runChecks(selected, { catalog: checks, contextFor, mayWrite: false });
    await close();
    const told = new Set(results.map(({ status, reason }) => `${status}: ${reason}`));
    expect(told).toEqual(new Set(['skip: no local Neon to compare with: no room']));
  });
});

describe('a database in use', () => {
  it('has no finding for rows, gaps in ids, statistics and comments', async () => {
    const [{ url }, shadow] = await Promise.all([testBranch(), testBranch()]);
    await execute(
      url,
      `insert into "user" (email, hashed_password) select i || '@b.cc', '$2b$10$' || repeat('x', 53) from generate_series(1, 500) i`,
      `insert into todo (title, user_id) select 'x', id from "user"`,
      `select setval('todo_id_seq', 90000)`,
      'delete from todo where id % 3 = 0',
      `comment on table todo is 'all there is to do'`,
      'vacuum analyze todo',
    );
    const results = await prove(url, { shadow: shadow.url, mayWrite: true });
    expect(results.filter(({ findings }) => findings !== undefined)).toEqual([]);
  });
});

describe('an empty database', () => {
  it('is reported with the advice to migrate, and with the two tables instead of all their parts', async () => {
    const { url } = await emptyBranch();
    const found = remedies(await proveTwoTables(url, { only: ['migrate', 'schema'], shadow: clean }));
    expect(found).toEqual({
      'migrate/table-present': expect.stringContaining('pnpm db:migrate'),
      'migrate/pending': expect.stringContaining('pnpm db:migrate'),
      'migrate/replay': expect.stringContaining('schema/*'),
      'schema/table-missing': expect.stringContaining('CREATE TABLE public."user"'),
    });
  });
});

async function breakWith(url: string, sql: readonly string[]): Promise<void> {
  await execute(url, ...sql).catch((error: unknown) => {
    // SQLSTATE 23505 is the expected error of the index that cannot be built.
    if ((error as { code?: string }).code !== '23505') throw error;
  });
}
