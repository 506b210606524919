import { neon, NeonDbError } from '@neondatabase/serverless';
import { describe, expect, test } from 'vitest';

import { testBranch } from '../src/vitest.ts';
import { connectTcp } from './connect.ts';
import { createPost, endpointOf } from './post.ts';

const branch = await testBranch();
const sql = neon(branch.url);
const post = createPost(branch.url);
const endpoint = endpointOf(branch.url);

async function countActive(like: string): Promise<unknown> {
  const [row] = await sql`select count(*)::int as n from pg_stat_activity
    where state = 'active' and query like ${like} and pid <> pg_backend_pid()`;
  return row?.n;
}

describe('a single query', () => {
  test('responds with fields, rows, command and count', async () => {
    const { status, body } = await post({ query: 'select $1::int4 as n', params: [5] });
    expect(status).toBe(200);
    expect(body).toEqual({
      fields: [
        { name: 'n', dataTypeID: 23, tableID: 0, columnID: 0, dataTypeSize: 4, dataTypeModifier: -1, format: 'text' },
      ],
      rows: [{ n: 5 }],
      command: 'SELECT',
      rowCount: 1,
      rowAsArray: false,
    });
  });

  test('must be one statement: two are refused', async () => {
    expect(await post({ query: 'select 1; select 2' })).toMatchObject({ status: 400, body: { code: '42601' } });
  });

  test('needs a value for each of its parameters', async () => {
    expect(await post({ query: 'select $1::text', params: [] })).toMatchObject({
      status: 400,
      body: { code: '08P01' },
    });
  });

  test('may be empty', async () => {
    expect(await post({ query: '' })).toMatchObject({ status: 200, body: { command: '', rowCount: null, rows: [] } });
  });

  test('that is COPY FROM STDIN fails, and the session continues', async () => {
    await sql`create table copied (n int)`;
    expect(await post({ query: 'copy copied from stdin' })).toMatchObject({ status: 400, body: { code: '57014' } });
    expect(await post({ query: 'select 1 as n' })).toMatchObject({ status: 200, body: { rows: [{ n: 1 }] } });
  });
});

describe('parameters', () => {
  test('keep the digits of integers above 2^53, and the key order of objects', async () => {
    const { body } = await post(
      '{"query":"select $1::text as a, $2::text as b","params":[9007199254740993, {"2": 1, "1": [ 1.10 , "x y" ]}]}',
    );
    expect(body.rows).toEqual([{ a: '9007199254740993', b: '{"2":1,"1":[1.10,"x y"]}' }]);
  });

  test('that are arrays become PostgreSQL array literals', async () => {
    const params = [[1, null, true], ['a,b', 'c"d\\e', 'line\nbreak'], [['x'], ['y']], [{ k: '"' }]];
    const { body } = await post({ query: 'select $1::text a, $2::text[] b, $3::text[] c, $4::jsonb[] d', params });
    expect(body.rows).toEqual([
      { a: '{1,NULL,true}', b: ['a,b', 'c"d\\e', 'line\nbreak'], c: [['x'], ['y']], d: [{ k: '"' }] },
    ]);
  });

  test.each([
    ['null', null],
    ['an object', {}],
  ])('as %s are refused', async (_, params) => {
    const { status, body } = await post({ query: 'select 1', params });
    expect(status).toBe(400);
    expect(body.message).toMatch(/^could not parse the HTTP request body: /);
  });
});

describe('results', () => {
  test('stay text in raw-text mode', async () => {
    const { body } = await post({ query: `select 1 as n, true as b, null as z` }, { 'Neon-Raw-Text-Output': 'true' });
    expect(body.rows).toEqual([{ n: '1', b: 't', z: null }]);
  });

  test('are parsed by default: numbers, booleans, json verbatim, arrays; int8 and numeric stay text', async () => {
    const { text } = await post({
      query: `select 1.5::float4 as f, 'Infinity'::float8 as i, 2::int8 as big, 1.10::numeric as num,
        '{"b": 1, "a": 1.10, "big": 9007199254740993}'::json as j, '[0:1]={1,2}'::int[] as bounds, '{{1},{2}}'::int[] as nested,
        '1 2'::int2vector as vector, array['(1,1),(0,0)'::box] as boxes`,
    });
    expect(text).toContain(
      `"rows":[{"f":1.5,"i":"Infinity","big":"2","num":"1.10","j":{"b": 1, "a": 1.10, "big": 9007199254740993},` +
        `"bounds":[1,2],"nested":[[1],[2]],"vector":"1 2","boxes":["(1,1),(0,0)"]}]`,
    );
  });

  test('with arrays of a user-defined enum are parsed', async () => {
    await sql`create type mood as enum ('fine', 'so so')`;
    const { body } = await post({ query: `select array['fine', 'so so', null]::mood[] as moods` });
    expect(body.rows).toEqual([{ moods: ['fine', 'so so', null] }]);
  });

  test('with two columns of one name have both values as arrays and the last one as objects', async () => {
    const query = 'select 1 as a, 2 as a';
    expect((await post({ query })).body.rows).toEqual([{ a: 2 }]);
    expect((await post({ query, arrayMode: true })).body).toMatchObject({ rows: [[1, 2]], rowAsArray: true });
    expect((await post({ query, arrayMode: false }, { 'Neon-Array-Mode': 'true' })).body.rows).toEqual([{ a: 2 }]);
  });

  test('over 10 MiB are refused with 507, and the query is cancelled', async () => {
    const response = await post({
      query: `select repeat('x', 1000000) as x, pg_sleep(0.01) from generate_series(1, 1000000)`,
    });
    expect(response).toMatchObject({ status: 507, body: { message: 'response is too large (max is 10485760 bytes)' } });
    await expect.poll(() => countActive('%generate_series(1, 1000000)%')).toBe(0);
  });
});

describe('a batch', () => {
  test('is one transaction on one backend', async () => {
    await sql`create table kept (n int)`;
    const insert = (n: number) => sql`insert into kept values (${n})`;
    await expect(sql.transaction([insert(1), sql`select 1 / 0`])).rejects.toMatchObject({ code: '22012' });
    await sql.transaction([insert(2), insert(3)]);
    expect(await sql`select n from kept order by n`).toEqual([{ n: 2 }, { n: 3 }]);
  });

  test('that fails at COMMIT is an error and is rolled back', async () => {
    await sql`create table late (n int unique deferrable initially deferred)`;
    const insert = () => sql`insert into late values (1)`;
    await expect(sql.transaction([insert(), insert()])).rejects.toMatchObject({ code: '23505' });
    expect(await sql`select * from late`).toEqual([]);
  });

  test('runs in the isolation level and access mode of its headers', async () => {
    const options = { isolationLevel: 'Serializable', readOnly: true, deferrable: true } as const;
    const settings = () => sql`select current_setting('transaction_isolation') as level,
      current_setting('transaction_read_only') as read_only, current_setting('transaction_deferrable') as deferrable`;
    expect(await sql.transaction([settings()], options)).toEqual([
      [{ level: 'serializable', read_only: 'on', deferrable: 'on' }],
    ]);
    await expect(sql.transaction([sql`create table never ()`], { readOnly: true })).rejects.toMatchObject({
      code: '25006',
    });
  });

  test('returns rows in the mode of the request, unless a query has a mode of its own', async () => {
    const query = 'select 1 as a';
    const queries = [{ query }, { query, arrayMode: false }, { query, arrayMode: null }];
    const { body } = await post({ queries }, { 'Neon-Array-Mode': 'true' });
    expect(body.results.map(({ rows }: { rows: unknown[] }) => rows[0])).toEqual([[1], { a: 1 }, [1]]);
  });

  test('echoes its headers', async () => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'Neon-Connection-String': branch.url,
        'Neon-Batch-Isolation-Level': 'RepeatableRead',
        'Neon-Batch-Read-Only': 'true',
        'Neon-Batch-Deferrable': 'false',
      },
      body: '{"queries":[]}',
    });
    expect(await response.json()).toEqual({ results: [] });
    expect(response.headers.get('neon-batch-isolation-level')).toBe('RepeatableRead');
    expect(response.headers.get('neon-batch-read-only')).toBe('true');
    expect(response.headers.get('neon-batch-deferrable')).toBeNull();
    expect(response.headers.get('neon-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each(['serializable', 'toString', ''])('with the unknown isolation level %j is refused', async (level) => {
    expect(await post({ queries: [] }, { 'Neon-Batch-Isolation-Level': level })).toMatchObject({
      status: 400,
      body: { message: 'invalid isolation level' },
    });
  });
});

test('ten queries of one role run at the same time', async () => {
  const holder = await connectTcp(branch.url);
  await holder.query('select pg_advisory_lock(10)');
  const waiting = Promise.all(Array.from({ length: 10 }, () => sql`select pg_advisory_lock_shared(10)`));
  const countWaiting = `select count(*)::int as n from pg_locks where locktype = 'advisory' and objid = 10 and not granted`;
  await expect.poll(async () => (await holder.query(countWaiting)).rows).toEqual([{ n: 10 }]);
  await holder.close();
  await waiting;
});

test('sixty queries at once all succeed', async () => {
  const results = await Promise.all(Array.from({ length: 60 }, (_, n) => sql`select ${n}::int as n`));
  expect(results.map(([row]) => row?.n)).toEqual(Array.from({ length: 60 }, (_, n) => n));
});

test('a changed password counts from the next request on', async () => {
  const client = await connectTcp(branch.url);
  await client.query(`create role passing login password 'one'`);
  const url = new URL(branch.url);
  url.username = 'passing';
  url.password = 'one';
  expect(await neon(url.href)`select 1 as n`).toEqual([{ n: 1 }]);
  await client.query(`alter role passing password 'two'`);
  await expect(neon(url.href)`select 1 as n`).rejects.toMatchObject({ code: '28P01' });
  await client.close();
});

test('the query of a client that disconnects is cancelled', async () => {
  const leaving = new AbortController();
  const asked = fetch(endpoint, {
    method: 'POST',
    headers: { 'Neon-Connection-String': branch.url },
    body: JSON.stringify({ query: 'select pg_sleep(3600) -- abandoned' }),
    signal: leaving.signal,
  });
  await expect.poll(() => countActive('%-- abandoned')).toBe(1);
  leaving.abort();
  await expect(asked).rejects.toThrow('aborted');
  await expect.poll(() => countActive('%-- abandoned')).toBe(0);
});

test.each([
  ['an unknown route', '/other', 'POST'],
  ['an unknown method', '/sql', 'GET'],
])('%s is "not supported"', async (_, path, method) => {
  const response = await fetch(new URL(path, endpoint), { method });
  expect([response.status, await response.json()]).toEqual([400, 'query is not supported']);
});

test.each([
  ['user', 'postgresql://:p@localhost/d'],
  ['password', 'postgresql://u@localhost/d'],
  ['database', 'postgresql://u:p@localhost/'],
])('a connection string without its %s is refused, and says which part', async (part, url) => {
  const response = await post({ query: 'select 1' }, { 'Neon-Connection-String': url });
  expect(response).toMatchObject({ status: 400, body: { message: `invalid connection string: missing ${part}` } });
});

test('the parameters of Neon’s connection strings are accepted', async () => {
  const url = new URL(branch.url);
  url.search = 'sslmode=require&channel_binding=require&options=endpoint%3Dx';
  expect(await neon(url.href)`select 1 as n`).toEqual([{ n: 1 }]);
});

test('a request over 10 MiB is refused', async () => {
  const response = await post({ query: `select '${'x'.repeat(10_485_760)}'` });
  expect(response.status).toBe(413);
});

test('the driver’s error is a NeonDbError with the SQLSTATE', async () => {
  const error: unknown = await sql`select * from nowhere`.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(NeonDbError);
  expect(error).toMatchObject({ code: '42P01', message: 'relation "nowhere" does not exist', position: '15' });
});
