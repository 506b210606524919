import { describe, expect, test } from 'vitest';

import { testBranch } from '../src/vitest.ts';
import { ask } from './connect.ts';
import { createPost } from './post.ts';

const branch = await testBranch();
const post = createPost(branch.url);

await ask(
  branch.url,
  `create role assistant; grant assistant to current_user; create sequence counted;
  create function last_of_session() returns bigint language plpgsql as
    $$ begin return lastval(); exception when object_not_in_prerequisite_state then return null; end $$`,
);

/** Statements that leave state in a session, each with an expression that is true while the state is there. */
const LEFTOVERS: readonly [what: string, leave: string, isThere: string][] = [
  ['a setting', `set work_mem = '77MB'`, `current_setting('work_mem') = '77MB'`],
  ['a setting of its own', `select set_config('app.user', 'me', false)`, `current_setting('app.user', true) = 'me'`],
  ['a time limit', `set statement_timeout = '1h'`, `current_setting('statement_timeout') <> '0'`],
  ['a search path', 'set search_path = nowhere', `current_setting('search_path') = 'nowhere'`],
  ['a time zone', `set time zone 'Asia/Tokyo'`, `current_setting('timezone') <> 'GMT'`],
  ['a name', `set application_name = 'mine'`, `current_setting('application_name') = 'mine'`],
  ['a role', 'set role assistant', `current_user = 'assistant'`],
  [
    'a transaction mode',
    'set session characteristics as transaction isolation level serializable',
    `current_setting('transaction_isolation') = 'serializable'`,
  ],
  ['a temporary table', 'create temp table passing ()', `to_regclass('passing') is not null`],
  [
    'a temporary function',
    `create function pg_temp.passing() returns int language sql as 'select 1'`,
    `exists (select from pg_proc where pronamespace = pg_my_temp_schema())`,
  ],
  [
    'an advisory lock',
    'select pg_advisory_lock(42)',
    `exists (select from pg_locks where locktype = 'advisory' and objid = 42)`,
  ],
  [
    'a prepared statement',
    'prepare passing as select 1',
    `exists (select from pg_prepared_statements where name = 'passing')`,
  ],
  [
    'a cursor',
    'declare passing cursor with hold for select 1',
    `exists (select from pg_cursors where name = 'passing')`,
  ],
  ['a LISTEN', 'listen passing', `exists (select from pg_listening_channels())`],
  ['the last value of a sequence', `select nextval('counted')`, `last_of_session() is not null`],
];

const inBatch = (query: string): object => ({ queries: [{ query: 'select 1' }, { query }] });

/** As the only statement of a request, whose reset is sent with it, and as the last statement of a batch. */
const WAYS: readonly [way: string, toBody: (query: string) => object][] = [
  ['a query', (query) => ({ query })],
  ['a batch', inBatch],
];

interface Look {
  readonly pid: number;
  readonly is_there: boolean;
}

async function look(isThere: string): Promise<Look> {
  return (await post({ query: `select pg_backend_pid() as pid, (${isThere}) is true as is_there` })).body.rows[0];
}

/**
 * Repeats until one session has served both requests: an idle session may have ended between them.
 */
async function lookBehind(leave: () => Promise<unknown>, isThere: string): Promise<Look> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const before = await look(isThere);
    await leave();
    const after = await look(isThere);
    if (before.pid === after.pid) return after;
  }
  throw new Error('no session served two requests');
}

describe.each(WAYS)('no session state of %s reaches the next request:', (_, toBody) => {
  test.each(LEFTOVERS)('%s', async (_what, leave, isThere) => {
    const { is_there: isLeft } = await lookBehind(async () => {
      expect(await post(toBody(leave))).toMatchObject({ status: 200 });
    }, isThere);
    expect(isLeft).toBe(false);
  });
});

describe('no session state of a failed request reaches the next one:', () => {
  const lock = `do $$ begin perform pg_advisory_lock(43); raise exception 'changed my mind'; end $$`;
  const isLocked = `exists (select from pg_locks where locktype = 'advisory' and objid = 43)`;

  test.each([
    ['its only statement', { query: lock }],
    ['the second of a batch', inBatch(lock)],
    ['one that is followed by another statement', { queries: [{ query: lock }, { query: 'select 1' }] }],
    // The reset cannot be sent with a COPY, which would read it as its data.
    ['one that mentions COPY', { query: `${lock} -- copy` }],
  ])('a lock of %s', async (_, body) => {
    const { is_there: isLeft } = await lookBehind(async () => {
      expect(await post(body)).toMatchObject({ status: 400, body: { code: 'P0001' } });
    }, isLocked);
    expect(isLeft).toBe(false);
  });

  test('a failed transaction', async () => {
    const fail = { queries: [{ query: 'savepoint here' }, { query: 'select 1 / 0' }] };
    await lookBehind(async () => {
      expect(await post(fail)).toMatchObject({ status: 400, body: { code: '22012' } });
    }, 'false');
  });
});

test('each expression is true in the session that ran its statement', async () => {
  const { Client } = await import('pg');
  for (const [what, leave, isThere] of LEFTOVERS) {
    const client = new Client({ connectionString: branch.url });
    await client.connect();
    const text = `select (${isThere}) is true as is_there`;
    const before = await client.query(text);
    await client.query(leave);
    const after = await client.query(text);
    expect([what, before.rows, after.rows]).toEqual([what, [{ is_there: false }], [{ is_there: true }]]);
    await client.end();
  }
});
