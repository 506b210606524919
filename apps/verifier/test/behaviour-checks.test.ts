import { connectWebSocket } from '@todo/db';
import { user } from '@todo/db/schema';
import { testBranch } from '@todo/local-neon/vitest';
import { describe, expect, it } from 'vitest';

import { app } from '../src/app.ts';
import { runAndRollBack } from '../src/checks/behave/run-and-roll-back.ts';
import { crudHttp, crudWebSocket } from '../src/checks/todo/behave/crud.ts';
import { insertDefaults } from '../src/checks/behave/insert-defaults.ts';
import { checks } from './prove.ts';
import { ownEmail } from '../src/checks/todo/own-rows.ts';
import { openContext } from '../src/open-context.ts';
import { runChecks } from '../src/run-checks.ts';
import { execute } from './database.ts';
import { prove, remedies, targetOf } from './prove.ts';
import { runAlone } from './run-alone.ts';

type Poison = readonly [what: string, sql: readonly string[], found: Record<string, string>];

const trigger = (on: string, body: string): string[] => [
  `create function poison() returns trigger language plpgsql as $$ begin ${body}; return new; end $$`,
  `create trigger poison ${on} for each row execute function poison()`,
];

const SCHEMA = 'pnpm verify --only schema';

/** A statement of one user changes the rows of all users. */
const everybodys = [
  `create function poison() returns trigger language plpgsql as
     $$ begin if pg_trigger_depth() = 1 then update todo set title = 'changed'; end if; return null; end $$`,
  `create trigger poison after update on todo for each statement execute function poison()`,
];

/** The changes to a database, the check that must find each, and its remedy. */
const POISONS: readonly Poison[] = [
  [
    'a trigger that changes the title of a todo',
    trigger('before insert on todo', 'new.title := upper(new.title)'),
    { 'behave/crud-http': SCHEMA, 'behave/crud-websocket': SCHEMA },
  ],
  [
    'a missing foreign key',
    ['alter table todo drop constraint todo_user_id_fkey'],
    {
      'behave/crud-http': SCHEMA,
      'behave/crud-websocket': SCHEMA,
      'behave/cascade': 'ON DELETE CASCADE',
      'behave/fk-reject': SCHEMA,
      'behave/error-mapping': 'schema/name',
    },
  ],
  [
    'a foreign key that is checked only at COMMIT',
    ['alter table todo alter constraint todo_user_id_fkey deferrable initially deferred'],
    { 'behave/fk-reject': SCHEMA },
  ],
  [
    'different defaults',
    [
      'alter table todo alter is_completed set default true',
      ...['todo', '"user"'].flatMap((table) =>
        ['created_at', 'updated_at'].map(
          (column) => `alter table ${table} alter ${column} set default now() - interval '1 s'`,
        ),
      ),
    ],
    { 'behave/insert-defaults': Array.from({ length: 5 }, () => insertDefaults.remedy).join('\n') },
  ],
  [
    'a null whose error names another column',
    trigger(
      'before insert on todo',
      `if new.title is null then raise not_null_violation using column = 'other'; end if`,
    ),
    { 'behave/not-null': SCHEMA },
  ],
  ['a title that may be null', ['alter table todo alter title drop not null'], { 'behave/not-null': SCHEMA }],
  [
    'a title column with a smaller limit',
    ['alter table todo alter title type varchar(100)'],
    { 'behave/lengths': SCHEMA, 'validate/agreement': 'Correct the validator' },
  ],
  ['a longer title', ['alter table todo alter title type varchar(201)'], { 'behave/lengths': SCHEMA }],
  [
    'a title whose limit counts bytes',
    ['alter table todo add check (octet_length(title) <= 200)'],
    { 'behave/lengths': SCHEMA },
  ],
  [
    'a trigger that trims descriptions',
    trigger('before insert on todo', 'new.description := btrim(new.description)'),
    { 'behave/roundtrip': 'pnpm verify --only connect schema' },
  ],
  ['an update that touches the todos of others', everybodys, { 'behave/user-isolation': 'WHERE' }],
  [
    'a rule that discards updates',
    trigger('before update on todo', `new.description := 'x'`),
    { 'conc/no-lost-update': 'repeatable read' },
  ],
  [
    'a foreign key with RESTRICT instead of CASCADE',
    [
      'alter table todo drop constraint todo_user_id_fkey',
      'alter table todo add constraint todo_user_id_fkey foreign key (user_id) references "user" (id) on delete restrict',
    ],
    { 'behave/crud-http': SCHEMA, 'behave/crud-websocket': SCHEMA, 'behave/cascade': 'ON DELETE CASCADE' },
  ],
  [
    'a cascade that deletes the todos of other users',
    trigger('after delete on "user"', 'delete from todo'),
    { 'behave/cascade': 'ON DELETE CASCADE' },
  ],
  [
    'an update that does not move updated_at',
    trigger('before update on todo', 'new.updated_at := old.updated_at'),
    { 'behave/updated-at': 'pg_trigger' },
  ],
  [
    'an update that moves created_at',
    trigger('before update on "user"', 'new.created_at := now()'),
    { 'behave/updated-at': 'pg_trigger' },
  ],
  [
    'todos without the index on their user',
    ['drop index idx_todo_user_id'],
    { 'perf/index-used': 'CREATE INDEX CONCURRENTLY "idx_todo_user_id"' },
  ],
  [
    'an email index that is not unique',
    ['drop index idx_user_email_unique', 'create index idx_user_email_unique on "user" (email)'],
    { 'behave/unique-email': 'CREATE UNIQUE INDEX', 'conc/unique-race': 'idx_user_email_unique' },
  ],
  [
    'an email index under another name',
    ['alter index idx_user_email_unique rename to user_email'],
    {
      'behave/unique-email': 'CREATE UNIQUE INDEX',
      'behave/error-mapping': 'schema/name',
      'conc/unique-race': 'idx_user_email_unique',
    },
  ],
  [
    'a migration without its record',
    ['delete from drizzle.__drizzle_migrations'],
    { 'migrate/pending': 'pnpm db:migrate' },
  ],
  [
    'a migration that was edited after it ran',
    [`update drizzle.__drizzle_migrations set hash = 'other'`],
    { 'migrate/modified': 'git checkout' },
  ],
  [
    'a migration that this checkout does not have',
    [`insert into drizzle.__drizzle_migrations (hash, created_at) values ('other', 4102444800000)`],
    { 'migrate/history': 'git pull', 'migrate/high-water-mark': '_journal.json' },
  ],
  [
    'a migration that was recorded twice',
    [
      'insert into drizzle.__drizzle_migrations (hash, created_at) select hash, created_at from drizzle.__drizzle_migrations',
    ],
    { 'migrate/history': 'delete all of these rows but the one with the smallest id' },
  ],
  [
    'strings in which a backslash is an escape',
    [
      `do $$ begin execute format('alter database %I set standard_conforming_strings = off', current_database()); end $$`,
    ],
    {
      'connect/server': 'RESET standard_conforming_strings',
      'connect/session-settings': 'RESET standard_conforming_strings',
    },
  ],
];

describe('a database that behaves differently', () => {
  it.each(POISONS)('%s is found', async (_, sql, found) => {
    const { url } = await testBranch();
    await execute(url, ...sql);
    const only = Object.keys(found);
    const want = Object.entries(found).map(([id, fix]) => [id, expect.stringContaining(fix)]);
    expect(remedies(await prove(url, { only, mayWrite: true }))).toEqual(Object.fromEntries(want));
    expect(await execute(url, 'select email from "user" union all select title from todo')).toEqual([]);
  });
});

describe('a check that commits its rows', () => {
  const committing = checks.filter(({ mode }) => mode === 'commits');

  it.each(committing)('removes its rows itself, also from tables without ON DELETE CASCADE: $id', async (check) => {
    const result = await runAlone(check, () => ({}), ['alter table todo drop constraint todo_user_id_fkey']);
    expect({ crash: result.crash, rows: result.rows }).toEqual({ crash: undefined, rows: [] });
  });

  it.each([crudHttp, crudWebSocket])('removes its rows when it fails, too: $id', async (check) => {
    const poison = trigger('before insert on todo', 'new.title := upper(new.title)');
    expect(await runAlone(check, () => ({}), poison)).toMatchObject({ status: 'fail', rows: [] });
  });
});

describe('a run that leaves rows behind', () => {
  it('is found by self/leaves-nothing', async () => {
    const leavesNothing = checks.filter(({ id }) => id === 'self/leaves-nothing');
    const { url } = await testBranch();
    const { contextFor, close } = await openContext(app, targetOf(url, url));
    const context = contextFor({ step: () => {}, show: () => {} });
    await execute(url, `insert into "user" (email, hashed_password) values ('${ownEmail(context)}', '')`);
    const [result] = await runChecks(leavesNothing, {
      catalog: leavesNothing,
      contextFor: () => context,
      mayWrite: false,
    });
    await close();
    expect(result?.findings).toMatchObject([
      { have: 'user 1 still exists', fix: 'DELETE FROM public."user" WHERE id = 1;' },
    ]);
  });
});

describe('a transaction of a check', () => {
  it('leaves no rows, returns the result of its callback, and rethrows the error of its callback', async () => {
    const { url } = await testBranch();
    await using db = connectWebSocket(url);
    const given = runAndRollBack(db, (tx) =>
      tx.insert(user).values({ email: 'a@b.cc', hashedPassword: 'x' }).returning(),
    );
    expect(await given).toMatchObject([{ email: 'a@b.cc' }]);
    expect(await db.select().from(user)).toEqual([]);
    await expect(runAndRollBack(db, (tx) => tx.execute('select nope'))).rejects.toMatchObject({ code: '42703' });
  });
});
