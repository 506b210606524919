import { once } from 'node:events';

import { neonConfig, Pool } from '@neondatabase/serverless';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { testBranch } from '../src/vitest.ts';
import { createPost } from './post.ts';

const BYTES_MAX = 10_485_760;

const branch = await testBranch();
const post = createPost(branch.url);

const MODES = `select current_setting('transaction_read_only') as ro, current_setting('transaction_deferrable') as d`;

describe('a header for batches', () => {
  test.each(['1', 'TRUE', 'yes', ''])('has an effect only as "true", not as %j', async (value) => {
    const { body, headers } = await post(
      { queries: [{ query: MODES }] },
      { 'Neon-Batch-Read-Only': value, 'Neon-Batch-Deferrable': value },
    );
    expect(body.results[0].rows).toEqual([{ ro: 'off', d: 'off' }]);
    expect([headers.get('neon-batch-read-only'), headers.get('neon-batch-deferrable')]).toEqual([null, null]);
  });

  test('has no effect on a single query', async () => {
    const { body, headers } = await post({ query: MODES }, { 'Neon-Batch-Read-Only': 'true' });
    expect(body.rows).toEqual([{ ro: 'off', d: 'off' }]);
    expect(headers.get('neon-batch-read-only')).toBeNull();
  });

  test('must name a valid isolation level, also for a single query', async () => {
    const response = await post({ query: 'select 1' }, { 'Neon-Batch-Isolation-Level': 'Snapshot' });
    expect(response).toMatchObject({ status: 400, body: { message: 'invalid isolation level' } });
  });
});

describe('the limit of 10 MiB', () => {
  test.each([
    [0, 200],
    [1, 413],
  ])('is passed by a request of %i bytes more with status %i', async (more, status) => {
    const body = JSON.stringify({ query: 'select 1 -- ' });
    const comment = 'x'.repeat(BYTES_MAX + more - body.length);
    expect((await post(body.replace('-- ', `-- ${comment}`))).status).toBe(status);
  });

  test.each([
    [0, 200],
    [1, 507],
  ])('is passed by a response of %i bytes more with status %i', async (more, status) => {
    const query = `select repeat('x', $1::int) as x`;
    // The response with an empty text has the length of the rest of a long response.
    const { text } = await post({ query, params: [0] });
    expect((await post({ query, params: [BYTES_MAX + more - text.length] })).status).toBe(status);
  });
});

describe('a batch whose response is over 10 MiB', () => {
  test.each([
    ['in all its rows together', [`select repeat('x', 6000000)`, `select repeat('x', 6000000)`]],
    ['only when it is written as JSON', [`select repeat('"', 6000000)`]],
  ])('%s is refused and rolled back', async (_, selects) => {
    await post({ query: 'create table if not exists refused (n int)' });
    const queries = ['insert into refused values (1)', ...selects].map((query) => ({ query }));
    const response = await post({ queries });
    expect(response).toMatchObject({ status: 507, body: { message: expect.stringContaining('too large') } });
    expect((await post({ query: 'select * from refused' })).body.rows).toEqual([]);
  });
});

test('a batch can parse types that it has created itself', async () => {
  const { body } = await post({
    queries: [{ query: `create type made as enum ('here')` }, { query: `select array['here']::made[] as v` }],
  });
  expect(body.results[1].rows).toEqual([{ v: ['here'] }]);
  expect((await post({ query: `select 'here'::made as v` })).body.rows).toEqual([{ v: 'here' }]);
});

test('the response to a WebSocket handshake has a request id', async () => {
  const webSocket = new WebSocket(`ws://localhost:${new URL(branch.url).port}/v2`);
  const [response] = await once(webSocket, 'upgrade');
  expect(response.headers['neon-request-id']).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  webSocket.terminate();
});

test('poolQueryViaFetch works with a fetchEndpoint that names the port', async () => {
  neonConfig.poolQueryViaFetch = true;
  neonConfig.fetchEndpoint = (host) => `http://${host}:${new URL(branch.url).port}/sql`;
  const pool = new Pool({ connectionString: branch.url });
  expect((await pool.query('select $1::int as n', [1])).rows).toEqual([{ n: 1 }]);
  await expect(pool.query('selekt')).rejects.toMatchObject({ code: '42601' });
  expect(pool.totalCount).toBe(0);
  await pool.end();
});
