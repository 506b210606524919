/** The catalog on a real PostgreSQL: each thing that can go wrong with a schema is seen once, and what is harmless never. */
import { testBranch } from '@todo/local-neon/vitest';
import { afterAll, describe, expect, test } from 'vitest';

import { compareCatalogs, describeDifference, type Difference, readCatalog, reconcile } from '../src/catalog/index.ts';
import { connectSession } from '../src/session.ts';

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

interface Mutation {
  readonly sql: string[];
  readonly finds: string[];
  /** What makes it good again where `reconcile` offers nothing. */
  readonly undo?: string[];
}

// By hand, and not as the migrations write it: the outcome has to be equal, not the SQL.
const todoByHand = [
  `drop table todo`,
  `create table public.todo (
     id serial, title varchar(200) not null, description text, is_completed bool not null default 'f', user_id int4 not null,
     created_at timestamptz not null default now(), updated_at timestamptz not null default current_timestamp,
     constraint todo_pkey primary key (id))`,
  `alter table todo alter updated_at set default now()`,
  `create index idx_todo_user_id on todo (user_id asc nulls last)`,
  `alter table todo add constraint todo_user_id_fkey foreign key (user_id) references "user" on delete cascade`,
];
const emailIndex = (definition: string): string[] => [
  `drop index idx_user_email_unique`,
  `create ${definition.replace('index', 'index idx_user_email_unique')}`,
];
const todoIndex = (rest: string): string[] => [
  `drop index idx_todo_user_id`,
  `create index idx_todo_user_id on todo ${rest}`,
];
const foreignKey = (rest: string): string[] => [
  `alter table todo drop constraint todo_user_id_fkey`,
  `alter table todo add constraint todo_user_id_fkey foreign key (user_id) references "user" (id) ${rest}`,
];

const mutations: Record<string, Mutation> = {
  'a missing table, without a line for what belonged to it': {
    sql: [`alter table todo set schema aside`],
    finds: ['table todo: missing, wanted table'],
    undo: [`alter table aside.todo set schema public`],
  },
  'a table too many, without a line for what belongs to it': {
    sql: [`create table stray (id serial primary key, user_id integer unique references "user" (id))`],
    finds: ['table stray: not wanted, is table'],
    undo: [`drop table stray`],
  },
  "a view in a table's place": {
    sql: [`alter table todo set schema aside`, `create view todo as select * from aside.todo`],
    finds: ['table todo: kind is view, wanted table'],
    undo: [`drop view todo`, `alter table aside.todo set schema public`],
  },
  'an unlogged table': {
    sql: [`alter table todo set unlogged`],
    finds: ['table todo: persistence is unlogged, wanted permanent'],
  },
  'a table that inherits': {
    sql: [`create table aside.parent ()`, `alter table todo inherit aside.parent`],
    finds: ['table todo: inherits is aside.parent, wanted none'],
    undo: [`alter table todo no inherit aside.parent`, `drop table aside.parent`],
  },
  'storage options': {
    sql: [`alter table todo set (fillfactor = 70, autovacuum_enabled = false)`],
    finds: ['table todo: options is autovacuum_enabled=false, fillfactor=70, wanted none'],
    undo: [`alter table todo reset (fillfactor, autovacuum_enabled)`],
  },
  'another replica identity': {
    sql: [`alter table todo replica identity full`],
    finds: ['table todo: replicaIdentity is full, wanted default'],
    undo: [`alter table todo replica identity default`],
  },

  'a missing column': {
    sql: [`alter table todo drop column updated_at`],
    finds: ['column todo.updated_at: missing, wanted timestamp with time zone DEFAULT now() NOT NULL'],
  },
  'a column too many': {
    sql: [`alter table todo add column due_at date`],
    finds: ['column todo.due_at: not wanted, is date'],
    undo: [`alter table todo drop column due_at`],
  },
  'a type of another length': {
    sql: [`alter table todo alter column title type varchar(100)`],
    finds: ['column todo.title: type is character varying(100), wanted character varying(200)'],
  },
  'another collation': {
    sql: [`alter table todo alter column title type varchar(200) collate "C"`],
    finds: [`column todo.title: collation is "C", wanted default`],
  },
  'a column that takes NULL': {
    sql: [`alter table todo alter column title drop not null`],
    finds: ['column todo.title: nullability is null, wanted not null'],
  },
  'a column that takes NULL no longer': {
    sql: [`alter table todo alter column description set not null`],
    finds: ['column todo.description: nullability is not null, wanted null'],
  },
  'NOT NULL that was never validated': {
    sql: [
      `alter table todo alter column title drop not null`,
      `alter table todo add constraint n not null title not valid`,
    ],
    finds: ['column todo.title: validity is not valid, wanted valid'],
    undo: [`alter table todo validate constraint n`],
  },
  'another default': {
    sql: [`alter table todo alter column is_completed set default true`],
    finds: ['column todo.is_completed: default is true, wanted false'],
  },
  'a default that is gone': {
    sql: [`alter table todo alter column created_at drop default`],
    finds: ['column todo.created_at: default is none, wanted now()'],
  },
  'a default too many': {
    sql: [`alter table todo alter column description set default 'none'`],
    finds: ["column todo.description: default is 'none'::text, wanted none"],
  },
  'an identity': {
    sql: [`alter table todo alter column user_id add generated always as identity`],
    finds: [
      'column todo.user_id: identity is ALWAYS, wanted none',
      'sequence todo.todo_user_id_seq: not wanted, is integer',
    ],
    undo: [`alter table todo alter column user_id drop identity`],
  },
  'a generated column, which stands at the end': {
    sql: [
      `alter table todo drop column description`,
      `alter table todo add column description text generated always as (upper(title)) stored`,
    ],
    finds: [
      'table todo: columnOrder is id, title, is_completed, user_id, created_at, updated_at, description,' +
        ' wanted id, title, description, is_completed, user_id, created_at, updated_at',
      'column todo.description: generated is (upper((title)::text)) STORED, wanted none',
    ],
    undo: todoByHand,
  },
  'another order of columns': {
    sql: [`alter table todo drop column description`, `alter table todo add column description text`],
    finds: [
      'table todo: columnOrder is id, title, is_completed, user_id, created_at, updated_at, description,' +
        ' wanted id, title, description, is_completed, user_id, created_at, updated_at',
    ],
    undo: todoByHand,
  },

  'a missing index': {
    sql: [`drop index idx_todo_user_id`],
    finds: [
      'index todo.idx_todo_user_id: missing, wanted CREATE INDEX idx_todo_user_id ON public.todo USING btree (user_id)',
    ],
  },
  'an index too many': {
    sql: [`create index twin on todo (user_id)`],
    finds: ['index todo.twin: not wanted, is CREATE INDEX twin ON public.todo USING btree (user_id)'],
  },
  'an index by another name': {
    sql: [`alter index idx_todo_user_id rename to todo_user_id_idx`],
    finds: ['index todo.idx_todo_user_id: is named todo_user_id_idx'],
  },
  'an index that is not unique': {
    sql: emailIndex(`index on "user" (email)`),
    finds: ['index user.idx_user_email_unique: unique is not unique, wanted unique'],
  },
  'an index of another method': {
    sql: todoIndex(`using hash (user_id)`),
    finds: ['index todo.idx_todo_user_id: method is hash, wanted btree'],
  },
  'an index over another column': {
    sql: todoIndex(`(id)`),
    finds: ['index todo.idx_todo_user_id: keys is id, wanted user_id'],
  },
  'an index over an expression': {
    sql: emailIndex(`unique index on "user" (lower(email))`),
    finds: ['index user.idx_user_email_unique: keys is lower((email)::text), wanted email'],
  },
  'an index in another order': {
    sql: todoIndex(`(user_id desc nulls last)`),
    finds: ['index todo.idx_todo_user_id: keys is user_id DESC NULLS LAST, wanted user_id'],
  },
  'an index with another operator class': {
    sql: emailIndex(`unique index on "user" (email varchar_pattern_ops)`),
    finds: ['index user.idx_user_email_unique: keys is email varchar_pattern_ops, wanted email'],
  },
  'an index with another collation': {
    sql: emailIndex(`unique index on "user" (email collate "C")`),
    finds: [`index user.idx_user_email_unique: keys is email COLLATE "C", wanted email`],
  },
  'an index that includes a column': {
    sql: todoIndex(`(user_id) include (title)`),
    finds: ['index todo.idx_todo_user_id: include is title, wanted none'],
  },
  'an index to which NULLs are equal': {
    sql: emailIndex(`unique index on "user" (email) nulls not distinct`),
    finds: ['index user.idx_user_email_unique: nulls is not distinct, wanted distinct'],
  },
  'a partial index': {
    sql: todoIndex(`(user_id) where not is_completed`),
    finds: ['index todo.idx_todo_user_id: predicate is (NOT is_completed), wanted none'],
  },
  'an index with storage options': {
    sql: todoIndex(`(user_id) with (fillfactor = 50)`),
    finds: ['index todo.idx_todo_user_id: options is fillfactor=50, wanted none'],
  },

  'a missing primary key': {
    sql: [`alter table todo drop constraint todo_pkey`],
    finds: ['constraint todo.todo_pkey: missing, wanted PRIMARY KEY (id)'],
  },
  'a missing foreign key': {
    sql: [`alter table todo drop constraint todo_user_id_fkey`],
    finds: [
      'constraint todo.todo_user_id_fkey: missing,' +
        ` wanted FOREIGN KEY (user_id) REFERENCES public."user"(id) ON DELETE CASCADE`,
    ],
  },
  'a constraint by another name': {
    sql: [`alter table todo rename constraint todo_user_id_fkey to "todo_userId_fkey"`],
    finds: ['constraint todo.todo_user_id_fkey: is named todo_userId_fkey'],
  },
  'a foreign key with another action': {
    sql: foreignKey(`on delete restrict`),
    finds: [
      `constraint todo.todo_user_id_fkey: terms is FOREIGN KEY (user_id) REFERENCES public."user"(id) ON DELETE RESTRICT,` +
        ` wanted FOREIGN KEY (user_id) REFERENCES public."user"(id) ON DELETE CASCADE`,
    ],
  },
  'a foreign key that was never validated': {
    sql: foreignKey(`on delete cascade not valid`),
    finds: ['constraint todo.todo_user_id_fkey: validity is not valid, wanted valid'],
  },
  'a foreign key that is not enforced': {
    sql: foreignKey(`on delete cascade not enforced`),
    finds: ['constraint todo.todo_user_id_fkey: validity is not enforced, wanted valid'],
  },
  'a foreign key that can be deferred': {
    sql: foreignKey(`on delete cascade deferrable`),
    finds: ['constraint todo.todo_user_id_fkey: deferrable is initially immediate, wanted not deferrable'],
  },
  'a foreign key that is deferred, and not validated': {
    sql: foreignKey(`on delete cascade deferrable initially deferred not valid`),
    finds: [
      'constraint todo.todo_user_id_fkey: deferrable is initially deferred, wanted not deferrable',
      'constraint todo.todo_user_id_fkey: validity is not valid, wanted valid',
    ],
    undo: foreignKey(`on delete cascade`),
  },
  'a check too many': {
    sql: [`alter table todo add constraint short check (length(title) < 10) no inherit not valid`],
    finds: ['constraint todo.short: not wanted, is CHECK ((length((title)::text) < 10)) NO INHERIT NOT VALID'],
  },
  'a unique constraint, and no index of its own beside it': {
    sql: [`alter table todo add constraint one_title unique (title)`],
    finds: ['constraint todo.one_title: not wanted, is UNIQUE (title)'],
  },
  'an exclusion': {
    sql: [`alter table todo add constraint apart exclude (title with =)`],
    finds: ['constraint todo.apart: not wanted, is EXCLUDE USING btree (title WITH =)'],
  },

  'a sequence of another type': {
    sql: [`alter sequence todo_id_seq as bigint`],
    finds: ['sequence todo.todo_id_seq: type is bigint, wanted integer'],
  },
  'a sequence that starts elsewhere': {
    sql: [`alter sequence todo_id_seq start 100`],
    finds: ['sequence todo.todo_id_seq: start is 100, wanted 1'],
  },
  'a sequence with another step': {
    sql: [`alter sequence todo_id_seq increment 2`],
    finds: ['sequence todo.todo_id_seq: increment is 2, wanted 1'],
  },
  'a sequence with another lower limit': {
    sql: [`alter sequence todo_id_seq minvalue -5`],
    finds: ['sequence todo.todo_id_seq: minimum is -5, wanted 1'],
  },
  'a sequence with another upper limit': {
    sql: [`alter sequence todo_id_seq maxvalue 1000`],
    finds: ['sequence todo.todo_id_seq: maximum is 1000, wanted of its type'],
  },
  'a sequence with a cache': {
    sql: [`alter sequence todo_id_seq cache 10`],
    finds: ['sequence todo.todo_id_seq: cache is 10, wanted 1'],
  },
  'a sequence that begins again': {
    sql: [`alter sequence todo_id_seq cycle`],
    finds: ['sequence todo.todo_id_seq: cycle is cycle, wanted no cycle'],
  },
  'a sequence that no column owns': {
    sql: [`alter sequence todo_id_seq owned by none`],
    finds: ['sequence todo.todo_id_seq: ownedBy is none, wanted todo.id'],
  },
  'a sequence that is gone, with the default that used it': {
    sql: [`drop sequence todo_id_seq cascade`],
    finds: [
      "column todo.id: default is none, wanted nextval('public.todo_id_seq'::regclass)",
      'sequence todo.todo_id_seq: missing, wanted integer',
    ],
    undo: todoByHand,
  },
  "a sequence of nobody's": {
    sql: [`create sequence ticket`],
    finds: ['sequence ticket: not wanted, is bigint'],
    undo: [`drop sequence ticket`],
  },
};

describe('seen once, under its own name, and made good by what reconcile says:', () => {
  test.each(Object.entries(mutations))('%s', async (_title, { sql, finds, undo }) => {
    await run(...sql);
    const found = await differences();
    expect(found.map(describeDifference)).toEqual(finds);

    await run(...(undo ?? found.flatMap((difference) => reconcile(difference, wanted))));
    expect((await differences()).map(describeDifference)).toEqual([]);
  });

  test('an index whose concurrent build failed', async () => {
    await run(
      `drop index idx_user_email_unique`,
      `insert into "user" (email, hashed_password) values ('a@example.com', 'x'), ('a@example.com', 'x')`,
    );
    const build = run(`create unique index concurrently idx_user_email_unique on "user" (email)`);
    await expect(build).rejects.toMatchObject({ code: '23505' });

    const found = await differences();
    expect(found.map(describeDifference)).toEqual([
      'index user.idx_user_email_unique: indexState is invalid, not ready, wanted usable',
    ]);
    await run(`delete from "user"`, ...found.flatMap((difference) => reconcile(difference, wanted)));
    expect(await differences()).toEqual([]);
  });
});

test('what reconcile says is written for a database in use', () => {
  const said = ['todo_user_id_fkey', 'idx_todo_user_id'].map((name) => {
    const have = wanted.filter((fact) => fact.name !== name);
    return compareCatalogs(have, wanted).flatMap((difference) => reconcile(difference, wanted));
  });
  expect(said).toEqual([
    [
      'ALTER TABLE public."todo" ADD CONSTRAINT "todo_user_id_fkey" FOREIGN KEY (user_id) REFERENCES public."user"(id)' +
        ' ON DELETE CASCADE NOT VALID',
      'ALTER TABLE public."todo" VALIDATE CONSTRAINT "todo_user_id_fkey"',
    ],
    ['CREATE INDEX CONCURRENTLY idx_todo_user_id ON public.todo USING btree (user_id)'],
  ]);
});

describe('no difference:', () => {
  test.each(
    Object.entries({
      'rows, and gaps in their ids': [
        `insert into "user" (email, hashed_password) select n || '@example.com', 'x' from generate_series(1, 100) n`,
        `delete from "user" where id % 2 = 0`,
      ],
      statistics: [`analyze`],
      comments: [`comment on table todo is 'what to do'`, `comment on column todo.title is 'what'`],
      "other schemas, the ledger's among them": [`create table aside.extra (id serial primary key)`],
      'the same table made by hand': todoByHand,
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
  test("reads the same whatever the session's settings, and leaves them as they were", async () => {
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

  test('reads through a session that may not write', async () => {
    await using reader = await connectSession(branch.url);
    await reader.query(`set default_transaction_read_only to on`);
    expect(compareCatalogs(await readCatalog(reader), wanted)).toEqual([]);
  });

  test('gives every attribute a value, which is a text', () => {
    const values = wanted.flatMap(({ attributes }) => Object.values(attributes));
    expect(values.filter((value) => typeof value !== 'string' || value === '')).toEqual([]);
  });
});

test('compareCatalogs does not depend on the order of the facts', async () => {
  await run(`drop index idx_todo_user_id`, `alter table todo drop column updated_at`, `create table stray ()`);
  const have = await readCatalog(session);
  expect(compareCatalogs(have.toReversed(), wanted)).toEqual(compareCatalogs(have, wanted.toReversed()));
  expect(compareCatalogs(have, wanted)).toHaveLength(3);
});
