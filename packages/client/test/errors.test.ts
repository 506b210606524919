/** Errors of drivers and Drizzle become a `DatabaseError`, which names schema objects and contains no values. */
import { inspect } from 'node:util';

import { neon, neonConfig, Pool } from '@neondatabase/serverless';
import { testBranch } from '@todo/local-neon/vitest';
import { sql } from 'drizzle-orm';
import { drizzle as drizzleHttp } from 'drizzle-orm/neon-http';
import { drizzle as drizzleWebSocket } from 'drizzle-orm/neon-serverless';
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { Pool as TcpPool } from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

import { DatabaseError, errorTranslator } from '../src/errors/index.ts';
import { isReadOnly } from '../src/errors/reads-only.ts';
import { app, connectHttp, connectWebSocket } from './fixture/app.ts';
import { account, note } from './fixture/schema.ts';
import { clientClass } from '../src/websocket-client.ts';
import { privatePort } from './private-port.ts';
import { query } from './query.ts';

const { url } = await testBranch();

// These are drivers and Drizzle without our clients. An application's own `drizzle()` throws the same errors.
const { fetchEndpoint } = neonConfig;
neonConfig.fetchEndpoint = (host, port) => `http://${host}:${port}/sql`;
const http = drizzleHttp(neon(url));
const pool = new Pool({ connectionString: url });
pool.Client = clientClass(new URL(url), 10_000);
const tcp = new TcpPool({ connectionString: url });
const websocket = drizzleWebSocket(pool);
const node = drizzlePg(tcp);
afterAll(async () => {
  neonConfig.fetchEndpoint = fetchEndpoint;
  await Promise.all([pool.end(), tcp.end()]);
});

type Queries = Pick<PgDatabase<PgQueryResultHKT>, 'execute' | 'insert' | 'update'>;
type Way = (work: (db: Queries) => PromiseLike<unknown>) => PromiseLike<unknown>;

const ways: Record<string, Way> = {
  'over HTTP': (work) => work(http),
  'from a batch': (work) => http.batch([work(http) as never]),
  'over WebSocket': (work) => work(websocket),
  'inside a transaction': (work) => websocket.transaction(async (tx) => work(tx)),
  'over TCP': (work) => work(node),
};

const toDatabaseError = errorTranslator(app.constraintErrors);

const PLANTED = 'pl4nted';

const unusedPort = String(await privatePort());

await query(
  url,
  `insert into account (id, email, secret)
    values (-1, '${PLANTED}@example.com', 'h'), (-2, 'kept-${PLANTED}@example.com', 'h')`,
  `insert into note (title, owner_id) values ('keeps its owner', -2)`,
  'alter table note drop constraint note_owner_id_fkey, add constraint note_owner_id_fkey foreign key (owner_id) references account',
  `create function shout(text) returns text language plpgsql as $$ begin raise exception 'no: %', $1 using errcode = '42501', hint = $1, detail = $1; end $$`,
  'create table whole (n int, t text, primary key (n, t))',
  'create unique index whole_lower on whole (lower(t), coalesce(t, t))',
  'create table part ("Of this" int, that text, constraint part_fkey foreign key ("Of this", that) references whole)',
  `create function dynamic(text) returns void language plpgsql as $$ begin execute format('create table %I (id int); create table %1$I (id int)', $1); end $$`,
  `create function shout_names(text) returns text language plpgsql as
    $$ begin raise exception 'no' using errcode = '23505', table = $1, column = $1, constraint = $1, detail = format('Key (%s)=(x) already exists.', $1); end $$`,
  `create table other (a text unique, b text not null, c int check (c > 0))`,
);

interface Case {
  readonly work: (db: Queries) => PromiseLike<unknown>;
  readonly kind: string;
  readonly fields: Partial<DatabaseError>;
  readonly says: RegExp;
}

const cases: Record<string, Case> = {
  'an address that is taken': {
    work: (db) => db.insert(account).values({ email: `${PLANTED}@example.com`, secret: PLANTED }),
    kind: 'email-taken',
    fields: { code: '23505', constraint: 'idx_account_email_unique', table: 'account', retryable: false },
    says: /this address/,
  },
  'an owner who does not exist': {
    work: (db) => db.insert(note).values({ title: PLANTED, ownerId: -987_654 }),
    kind: 'owner-missing',
    fields: { code: '23503', constraint: 'note_owner_id_fkey', table: 'note', retryable: false },
    says: /own the note/,
  },
  'an account that cannot go because of a note': {
    work: (db) => db.execute(sql`delete from account where email = ${`kept-${PLANTED}@example.com`}`),
    kind: 'refused',
    fields: { constraint: 'note_owner_id_fkey' },
    says: /update or delete on table "account"/,
  },
  'another unique column, which is no address': {
    work: (db) => db.execute(sql`insert into other (a, b) values (${PLANTED}, 'x'), (${PLANTED}, 'y')`),
    kind: 'unique-violation',
    fields: { code: '23505', constraint: 'other_a_key', table: 'other', columns: ['a'] },
    says: /^Another row has the same a in other \(other_a_key\)\.$/,
  },
  'a row that does not exist, by a key of two columns': {
    work: (db) => db.execute(sql`insert into part ("Of this", "that") values (1, ${PLANTED})`),
    kind: 'reference-missing',
    fields: { code: '23503', constraint: 'part_fkey', table: 'part', columns: ['Of this', 'that'] },
    says: /^The row to which Of this, that of part \(part_fkey\) refers does not exist\.$/,
  },
  'an expression that is unique': {
    work: (db) => db.execute(sql`insert into whole (n, t) values (2, ${PLANTED}), (3, ${PLANTED})`),
    kind: 'unique-violation',
    fields: { code: '23505', constraint: 'whole_lower', columns: ['lower(t)', 'COALESCE(t, t)'] },
    says: /the same lower\(t\), COALESCE\(t, t\) in whole/,
  },
  'a value that is missing': {
    work: (db) => db.execute(sql`insert into other (a) values (${PLANTED})`),
    kind: 'refused',
    fields: { code: '23502', column: 'b', table: 'other' },
    says: /null value in column "b" of relation "other"/,
  },
  'a check': {
    work: (db) => db.execute(sql`insert into other (a, b, c) values (${PLANTED}, ${PLANTED}, -1)`),
    kind: 'refused',
    fields: { code: '23514', constraint: 'other_c_check' },
    says: /check.*other_c_check/,
  },
  'a text that is too long': {
    work: (db) => db.insert(note).values({ title: PLANTED.repeat(40), ownerId: -1 }),
    kind: 'refused',
    fields: { code: '22001' },
    says: /longer than its column/,
  },
  'a text that is no number': {
    work: (db) => db.execute(sql`select ${PLANTED}::text::int`),
    kind: 'refused',
    fields: { code: '22P02' },
    says: /cannot be read as its type/,
  },
  'JSON, of which PostgreSQL quotes the line': {
    work: (db) => db.execute(sql`select ${`{"${PLANTED}`}::text::json`),
    kind: 'refused',
    fields: { code: '22P02' },
    says: /SQLSTATE 22P02/,
  },
  'an exception that a function raised, with a code of its choice': {
    work: (db) => db.execute(sql`select shout(${PLANTED})`),
    kind: 'refused',
    fields: { code: '42501' },
    says: /raised an exception/,
  },
  'an exception that names a table and a column': {
    work: (db) => db.execute(sql`select shout_names(${PLANTED})`),
    kind: 'unique-violation',
    fields: { code: '23505', table: undefined, column: undefined, constraint: undefined, columns: [] },
    says: /Another row has the same values/,
  },
  ...Object.fromEntries(
    [
      sql`select ${PLANTED}::text::regclass`,
      sql`select ${PLANTED}::text::regtype`,
      sql`select ${PLANTED}::text::regproc`,
      sql`select ${`${PLANTED}(int)`}::text::regprocedure`,
      sql`select ${PLANTED}::text::regoper`,
      sql`select ${PLANTED}::text::regrole`,
      sql`select ${PLANTED}::text::regconfig`,
      sql`select ${PLANTED}::text::regnamespace`,
      sql`select nextval(${PLANTED}::text)`,
      sql`select currval(${PLANTED}::text)`,
      sql`select set_config(${PLANTED}, 'x', false)`,
      sql`select set_config('role', ${PLANTED}, false)`,
      sql`select current_setting(${PLANTED}::text)`,
      sql`select has_table_privilege(${PLANTED}::text, 'select')`,
      sql`select has_table_privilege('account', ${PLANTED}::text)`,
      sql`select pg_get_serial_sequence(${PLANTED}::text, 'id')`,
      sql`select pg_get_serial_sequence('account', ${PLANTED}::text)`,
      sql`select to_char(now(), 'x') || (${PLANTED}::text)::bool`,
      sql`select encode('x'::bytea, ${PLANTED}::text)`,
      sql`select date_trunc(${PLANTED}::text, now())`,
      sql`select extract(epoch from ${PLANTED}::text::interval)`,
      sql`select pg_read_file(${PLANTED}::text)`,
      sql`select dynamic(${PLANTED}::text)`,
    ].map((statement, index): [string, Case] => [
      `a name that comes from a value (${index + 1})`,
      { work: (db) => db.execute(statement), kind: 'refused', fields: {}, says: /SQLSTATE/ },
    ]),
  ),
  'a syntax error at a literal': {
    work: (db) => db.execute(sql.raw(`select 1 '${PLANTED}'`)),
    kind: 'refused',
    fields: { code: '42601' },
    says: /syntax error at character 10/,
  },
  'a table that does not exist': {
    work: (db) => db.execute(sql`select * from notes where title = ${PLANTED}`),
    kind: 'refused',
    fields: { code: '42P01' },
    says: /relation "notes" does not exist \(SQLSTATE 42P01\)/,
  },
};

describe.each(Object.entries(cases))('%s', (_, { work, kind, fields, says }) => {
  test.each(Object.entries(ways))('%s', async (name, way) => {
    const thrown = await rejectionOf(way(work));
    // The test needs a value to hide. Of a batch's errors only PostgreSQL's detail contains values.
    const hidden = kind === 'owner-missing' ? '987654' : PLANTED;
    expect(name === 'from a batch' || everythingIn(thrown).includes(hidden)).toBe(true);
    const error = toDatabaseError(thrown);
    expect(error).toMatchObject({ name: 'DatabaseError', kind, ...fields });
    expect(error?.message).toMatch(says);
    for (const value of [PLANTED, '987654']) expect(everythingIn(error)).not.toContain(value);
  });
});

describe('a transaction that PostgreSQL rolled back', () => {
  test('a transaction that PostgreSQL rolled back because of a concurrent update may be retried', async () => {
    const stale = websocket.transaction(
      async (tx) => {
        await tx.execute(sql`select * from account`);
        await http.execute(sql`update account set secret = 'x'`);
        await tx.execute(sql`update account set secret = 'y'`);
      },
      { isolationLevel: 'repeatable read' },
    );
    expect(toDatabaseError(await rejectionOf(stale))).toMatchObject({
      kind: 'serialization-failure',
      code: '40001',
      retryable: true,
    });
  });
});

describe('a connection that is lost', () => {
  const lost = Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
  const during = (statement: string) =>
    Object.assign(new Error('Failed query', { cause: lost }), { query: statement, params: [] });

  test('a connection that is lost during a read has changed nothing', () => {
    expect(toDatabaseError(during('select 1'))).toMatchObject({ kind: 'connection', retryable: true });
  });

  test('a connection that is lost during a write, or an unknown statement, leaves the outcome unknown', () => {
    for (const error of [during('insert into other values ($1)'), lost]) {
      const known = toDatabaseError(error);
      expect(known).toMatchObject({ kind: 'unknown-outcome', retryable: false });
      expect(known?.message).toMatch(/may have been applied/);
    }
  });

  test('a backend that was terminated has rolled back its running statement', async () => {
    // Drizzle's own transaction reports the failed ROLLBACK instead.
    const { 'inside a transaction': _, ...others } = ways;
    for (const way of Object.values(others)) {
      const ended = way((db) => db.execute(sql`select pg_terminate_backend(pg_backend_pid()), pg_sleep(60)`));
      expect(toDatabaseError(await rejectionOf(ended))).toMatchObject({
        kind: 'connection',
        code: '57P01',
        retryable: true,
      });
    }
  });
});

describe('an unreachable database', () => {
  test.each([
    ['the port', () => changed({ port: unusedPort }), { code: 'ECONNREFUSED', retryable: true }],
    ['the host', () => changed({ hostname: 'nowhere.invalid' }), { code: 'ENOTFOUND', retryable: true }],
    ['the password', () => changed({ password: PLANTED }), { retryable: false }],
    ['the database', () => changed({ pathname: '/none' }), { code: '3D000', retryable: false }],
  ])('a wrong or missing server part (%s) is a connection error over both transports', async (_, wrong, fields) => {
    const session = new (clientClass(wrong(), 10_000))(wrong().href);
    const attempts = [
      () => neon(wrong().href).query('insert into other values (1)'),
      () => session.connect().then(() => session.query('insert into other values (1)')),
    ];
    for (const attempt of attempts) {
      const error = toDatabaseError(await rejectionOf(attempt()));
      expect(error).toMatchObject({ kind: 'connection', ...fields });
      expect(everythingIn(error)).not.toContain(PLANTED);
    }
  });
});

function changed(parts: Partial<URL>): URL {
  return Object.assign(new URL(url), parts);
}

/** The form in which `pg` and Neon's WebSocket driver throw PostgreSQL's errors. */
const fromServer = (code: string) => Object.assign(new Error(`said with ${code}`), { code, severity: 'FATAL' });

test.each([
  ['connection', true, ['08001', '08004', '53300', '57P01', '57P03', '57P05']],
  ['connection', false, ['28000', '28P01', '3D000']],
  ['timeout', true, ['25P03', '25P04', '55P03', '57014']],
  ['serialization-failure', true, ['40001', '40P01']],
  ['unique-violation', false, ['23505']],
  ['refused', false, ['22001', '42P01', 'P0001', 'XX000', 'XX001']],
])('SQLSTATEs where nothing was applied are %s errors with retryable %s', (kind, retryable, codes) => {
  for (const code of codes) {
    for (const isHarmless of [true, false]) {
      expect(toDatabaseError(fromServer(code), isHarmless)).toMatchObject({ kind, code, retryable });
    }
  }
});

test.each(['08000', '08003', '08006', '08007', '40003', '57P02'])(
  'after SQLSTATE %s a statement may have run: a write has an unknown outcome, a read may be sent again',
  (code) => {
    expect(toDatabaseError(fromServer(code), false)).toMatchObject({ kind: 'unknown-outcome', code, retryable: false });
    expect(toDatabaseError(fromServer(code), true)).toMatchObject({ kind: 'connection', code, retryable: true });
  },
);

describe('errors from Neon’s proxy', () => {
  // The messages are from the proxy's source: https://github.com/neondatabase/neon/tree/main/proxy
  test.each([
    ["Couldn't connect to compute node", true],
    ['Control plane request failed: endpoint cannot be found', false],
    ['Too many connections attempts', true],
    ['Control plane request failed', true],
    ['Failed to acquire permit to connect to the database', true],
    ['Your account or project has exceeded the compute time quota. Upgrade your plan to increase limits.', false],
    ['The requested endpoint is disabled', false],
    ['This IP address 192.0.2.1 is not allowed to connect to this endpoint', false],
  ])('the proxy’s message "%s" is a connection error with retryable %s', (message, retryable) => {
    const overHttp = Object.assign(new Error(message), { name: 'NeonDbError', code: undefined });
    const overWebSocket = Object.assign(new Error(message), { code: 'XX000', severity: 'FATAL' });
    for (const error of [overHttp, overWebSocket]) {
      expect(toDatabaseError(error)).toMatchObject({ kind: 'connection', retryable });
    }
  });

  test.each([
    ['Server error (HTTP status 401)', 'connection', false],
    ['Server error (HTTP status 403)', 'connection', false],
    ['Server error (HTTP status 413)', 'refused', false],
    ['Server error (HTTP status 429)', 'connection', true],
    ['Server error (HTTP status 500)', 'unknown-outcome', false],
  ])('the response "%s" to a write is the error kind %s', (message, kind, retryable) => {
    const error = Object.assign(new Error(`${message}: ${PLANTED}`), { name: 'NeonDbError' });
    expect(toDatabaseError(error, false)).toMatchObject({ kind, retryable });
    expect(everythingIn(toDatabaseError(error, false))).not.toContain(PLANTED);
  });

  test.each([
    ['Unexpected server response: 404', false],
    ['Unexpected server response: 502', true],
  ])('"%s" when a WebSocket opens means that nothing was sent', (message, retryable) => {
    expect(toDatabaseError(new Error(message), false)).toMatchObject({ kind: 'connection', retryable });
  });

  test('a write with an unpaired surrogate, which JSON cannot represent, was not passed on', async () => {
    const write = http.insert(note).values({ title: `${PLANTED}\ud83d`, ownerId: -2 });
    const error = toDatabaseError(await rejectionOf(write));
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining('lone surrogate') });
    expect(everythingIn(error)).not.toContain(PLANTED);
  });

  test('a response that is too large changed nothing if the statement only read', () => {
    const tooLarge = Object.assign(new Error(`Server error (HTTP status 507): ${PLANTED}`), { name: 'NeonDbError' });
    const error = toDatabaseError(tooLarge, true);
    expect(error).toMatchObject({ kind: 'refused', message: expect.stringContaining('WebSocket') });
    expect(everythingIn(error)).not.toContain(PLANTED);
    expect(toDatabaseError(tooLarge)).toMatchObject({ kind: 'unknown-outcome' });
  });
});

test('an error that did not come from a database is not translated', () => {
  const bugs = [
    new TypeError('x is not a function'),
    Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' }),
  ];
  for (const other of [...bugs, z.string().safeParse(1).error, 'thrown', undefined, null]) {
    expect(toDatabaseError(other)).toBeUndefined();
  }
});

test('a wrapped DatabaseError is returned unchanged', () => {
  const error = new DatabaseError('not-found', 'There is no such note.');
  expect(toDatabaseError(error)).toBe(error);
  expect(toDatabaseError(new Error('outer', { cause: error }))).toBe(error);
});

test('an error that is its own cause does not cause an endless loop', () => {
  const round = new Error('round');
  round.cause = round;
  expect(toDatabaseError(round)).toBeUndefined();
});

test('a COPY that needs data from the client is refused at once', async () => {
  const copies = ['copy account from stdin', ' COPY account (id)\n from  STDIN csv', 'copy (select 1) to stdout'];
  const overHttp = connectHttp(url);
  await using overWebSocket = connectWebSocket(url);
  for (const copy of copies.map((text) => sql.raw(text))) {
    for (const attempt of [
      () => overHttp.execute(copy),
      () => overHttp.batch([overHttp.execute(copy)]),
      () => overWebSocket.execute(copy),
      () => overWebSocket.transaction((tx) => tx.execute(copy)),
    ]) {
      await expect(attempt()).rejects.toMatchObject({
        kind: 'refused',
        retryable: false,
        message: expect.stringMatching(/^COPY .*Nothing was sent.*createMany/),
      });
    }
  }
  const hidden = overWebSocket.execute(sql.raw('select 1; copy account from stdin'));
  await expect(hidden).rejects.toMatchObject({ kind: 'refused', code: '57014' });
  expect((await overWebSocket.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
});

test('a response over 10 MiB is refused with the limit, for a query that uses only PostgreSQL’s own functions', async () => {
  for (const large of [
    sql`select repeat('x', 11000000)`,
    sql`select lpad('', 2000000, 'x') from generate_series(1, 6)`,
    sql`select string_agg(md5(i::text), '') from generate_series(1, 400000) i`,
  ]) {
    await expect(connectHttp(url).execute(large)).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('10 MiB are the limit'),
    });
  }
});

describe('statements that only read', () => {
  test.each([
    'select 1',
    'select "id", "a(b" from note where note."owner_id" = $1 and ("created_at", "id") < ($2, $3) order by "id" desc limit $4',
    `select account."id", "account_notes"."data" as "notes" from account account left join lateral (select coalesce(json_agg(json_build_array("account_notes"."id")), '[]'::json) as "data" from (select * from note "account_notes" where "account_notes"."owner_id" = account."id") "account_notes") "account_notes" on true`,
    'select count(*) as count from note where note."is_done" = $1;',
    'select count(*) filter (where "is_done")::int from note',
    'with "old" as (select * from note) select * from "old" where exists (select 1)',
    `select 'delete (from) note; insert'`,
  ])('%s', (statement) => expect(isReadOnly(statement)).toBe(true));
});

describe('statements that may write', () => {
  test.each([
    'insert into note default values',
    'with "gone" as (delete from note returning *) select * from "gone"',
    `select nextval('todo_id_seq')`,
    'select shout($1)',
    'select "shout"($1)',
    'select public.shout($1)',
    'select * into "copy" from note',
    'select * from note for update',
    'select * from note for key share',
    'with "seen" as (merge into note using "other" on true when matched then do nothing returning 1) select * from "seen"',
    'select 1; drop table note',
    'select 1 /* ( */ , shout (1)',
    String.raw`select e'\'', shout(1) || e'\''`,
    'select $$ ($$, shout(1)',
    'explain analyze delete from note',
    'commit',
    '',
  ])('%s', (statement) => expect(isReadOnly(statement)).toBe(false));
});

/** All text of an error that a logger, a serializer or a developer may print. */
function everythingIn(error: unknown): string {
  const { message, stack, cause } = error as Error;
  const hidden = inspect(error, { depth: Infinity, showHidden: true, maxStringLength: Infinity });
  return [message, stack, String(cause), String(error), inspect(error), hidden, JSON.stringify(error)].join('\n');
}

async function rejectionOf(work: PromiseLike<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('It was not rejected');
}
