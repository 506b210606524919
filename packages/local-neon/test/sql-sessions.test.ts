import { connect } from 'node:net';

import { describe, expect, test } from 'vitest';

import { testBranch } from '../src/vitest.ts';
import { connectTcp } from './connect.ts';
import { createPost, endpointOf } from './post.ts';

const branch = await testBranch();
const post = createPost(branch.url);

describe('a session that ends fails its own request, and the next request gets another session', () => {
  test.each([
    [
      'ended by an administrator',
      'select pg_terminate_backend(pg_backend_pid())',
      { code: '57P01', severity: 'FATAL' },
    ],
    ['with a COPY to us', 'copy (select 1) to stdout', { message: 'COPY TO STDOUT is not possible over HTTP' }],
    [
      'in the middle of its rows',
      `select n, case n when 5000 then pg_terminate_backend(pg_backend_pid())::text end from generate_series(1, 10000) n`,
      { code: '57P01' },
    ],
  ])('%s', async (_, query, body) => {
    expect(await post({ query })).toMatchObject({ status: 400, body });
    expect(await post({ query: 'select 1 as n' })).toMatchObject({ status: 200, body: { rows: [{ n: 1 }] } });
  });
});

const pid = async (): Promise<unknown> => (await post({ query: 'select pg_backend_pid() as pid' })).body.rows[0].pid;

test.each([
  [
    'an error in the middle of the rows',
    { query: 'select 1 / (5000 - n) from generate_series(1, 10000) n' },
    { status: 400, body: { code: '22012', message: 'division by zero' } },
  ],
  ['a batch that fails', { queries: [{ query: 'select 1 / 0' }] }, { status: 400, body: { code: '22012' } }],
])('the session is used again after %s', async (_, request, response) => {
  // Repeat when the session has ended between two requests by its idle timeout.
  await expect
    .poll(async () => {
      const before = await pid();
      expect(await post(request)).toMatchObject(response);
      return (await pid()) === before;
    })
    .toBe(true);
});

test('the session is used again after a query whose client disconnected', async () => {
  const client = await connectTcp(branch.url);
  const running = `select pid from pg_stat_activity where state = 'active' and query like '%-- left'`;
  // As above.
  await expect
    .poll(async () => {
      const before = await pid();
      const leaving = new AbortController();
      const left = fetch(endpointOf(branch.url), {
        method: 'POST',
        headers: { 'Neon-Connection-String': branch.url },
        body: JSON.stringify({ query: 'select pg_sleep(3600) -- left' }),
        signal: leaving.signal,
      }).catch(() => {});
      await expect.poll(async () => (await client.query(running)).rows).toHaveLength(1);
      leaving.abort();
      await left;
      await expect.poll(async () => (await client.query(running)).rows).toHaveLength(0);
      return (await pid()) === before;
    })
    .toBe(true);
  await client.close();
});

test('a query whose client disconnected before the watch began is cancelled, also when it does not end at once', async () => {
  const client = await connectTcp(branch.url);
  await client.query('create sequence begun');
  const query = `do $$ begin perform nextval('begun'), pg_sleep(3600);
    exception when query_canceled then perform pg_sleep(3600); end $$`;
  const body = JSON.stringify({ query });
  const head = `POST /sql HTTP/1.1\r\nHost: localhost\r\nNeon-Connection-String: ${branch.url}\r\n`;
  const socket = connect({ host: 'localhost', port: Number(new URL(branch.url).port) });
  socket.write(`${head}Content-Length: ${body.length}\r\n\r\n${body}`, () => socket.destroy());
  await expect
    .poll(async () => (await client.query('select is_called from begun')).rows)
    .toEqual([{ is_called: true }]);
  const running = `select pid from pg_stat_activity where state = 'active' and query like 'do %nextval%'`;
  await expect.poll(async () => (await client.query(running)).rows).toEqual([]);
  await client.close();
});

describe('a transaction that a request leaves open is rolled back, and the session serves the next request', () => {
  test.each(['begin', 'start transaction isolation level serializable, read only', 'begin -- copy'])(
    '%s',
    async (query) => {
      const look = `select pg_backend_pid() as pid, txid_current() as transaction,
        current_setting('transaction_isolation') as level, current_setting('transaction_read_only') as ro`;
      // As above.
      await expect
        .poll(async () => {
          const before = await pid();
          expect(await post({ query })).toMatchObject({ status: 200, body: { rows: [] } });
          const [first, second] = [await post({ query: look }), await post({ query: look })];
          expect(first.body.rows).toMatchObject([{ level: 'read committed', ro: 'off' }]);
          expect(first.body.rows[0].transaction).not.toBe(second.body.rows[0].transaction);
          return first.body.rows[0].pid === before;
        })
        .toBe(true);
    },
  );
});

test('notices, notifications and parameter status are not part of a response', async () => {
  const query = `select set_config('application_name', 'café', false), pg_notify('news', 'é'), 1 as n`;
  const listening = await post({
    queries: [{ query: 'listen news' }, { query: `do $$ begin raise notice 'é'; end $$` }, { query }],
  });
  expect(listening).toMatchObject({
    status: 200,
    body: { results: [{ rows: [] }, { rows: [] }, { rows: [{ n: 1 }] }] },
  });
});

test('a database in another encoding is queried in UTF-8', async () => {
  const admin = await connectTcp(branch.url);
  const name = `${branch.name} latin1`;
  await admin.query(`create database "${name}" encoding 'LATIN1' locale 'C' template template0`);
  const url = new URL(branch.url);
  url.pathname = encodeURIComponent(name);
  const query = `select $1 as given, 'é' as written, octet_length(convert_to($1, 'LATIN1')) as bytes`;
  const response = await createPost(url.href)({ query, params: ['é'] });
  expect(response.body.rows).toEqual([{ given: 'é', written: 'é', bytes: 1 }]);
  expect((await createPost(url.href)({ query: `select '€'` })).body).toMatchObject({ code: '22P05' });
  await admin.query(`drop database "${name}" with (force)`);
  await admin.close();
});

test('repeated queries with results that are too large leave no session behind', async () => {
  const tooLarge = { query: `select repeat('x', 3000) from generate_series(1, 4000)` };
  for (let times = 0; times < 3; times += 1) expect(await post(tooLarge)).toMatchObject({ status: 507 });
  expect(await post({ query: `select repeat('x', 11000000)` })).toMatchObject({ status: 507 });
  const client = await connectTcp(branch.url);
  const others = `select count(*)::int as n from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`;
  await expect.poll(async () => (await client.query(others)).rows).toEqual([{ n: 0 }]);
  await client.close();
});
