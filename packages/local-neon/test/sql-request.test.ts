import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';

import { neon } from '@neondatabase/serverless';
import { describe, expect, test } from 'vitest';

import { testBranch } from '../src/vitest.ts';
import { connectTcp } from './connect.ts';
import { createPost, endpointOf } from './post.ts';

const BYTES_MAX = 10_485_760;

const branch = await testBranch();
const post = createPost(branch.url);

function withUrl(change: (url: URL) => void): Record<string, string> {
  const url = new URL(branch.url);
  change(url);
  return { 'Neon-Connection-String': url.href };
}

describe('a connection string', () => {
  test('is percent-decoded in user, password and database', async () => {
    const admin = await connectTcp(branch.url);
    const [user, password, database] = ['a/b:c@d %é', 'p#?/:@ %"\'ü', `db / "${branch.name}" é`];
    const quoted = database.replaceAll('"', '""');
    await admin.query(`create role "${user}" login password '${password.replaceAll("'", "''")}'`);
    await admin.query(`create database "${quoted}"`);
    const headers = withUrl((url) => {
      url.username = encodeURIComponent(user);
      url.password = encodeURIComponent(password);
      url.pathname = encodeURIComponent(database);
    });
    const query = 'select current_user::text as "user", current_database()::text as database';
    expect((await post({ query }, headers)).body.rows).toEqual([{ user, database }]);
    await admin.query(`drop database "${quoted}" with (force)`);
    await admin.query(`drop role "${user}"`);
    await admin.close();
  });

  test.each([
    'ep-cool-tree-123456-pooler.eu-central-1.aws.neon.tech',
    'ep-cool-tree-123456.aws.neon.tech',
    '127.0.0.1',
  ])('may name the host %s, which is ignored', async (host) => {
    const headers = { 'Neon-Connection-String': branch.url.replace('localhost', host) };
    expect(await post({ query: 'select 1 as n' }, headers)).toMatchObject({ status: 200, body: { rows: [{ n: 1 }] } });
  });

  test('may have a longer path after the database', async () => {
    const headers = withUrl((url) => (url.pathname += '/more'));
    expect(await post({ query: 'select 1 as n' }, headers)).toMatchObject({ status: 200 });
  });

  test.each([
    ['is missing', undefined, /^invalid header: neon-connection-string$/],
    ['is no URL', 'nonsense', 'invalid connection string: it is not a URL'],
    ['is of another scheme', 'mysql://a:b@localhost/d', /^incorrect scheme$/],
    [
      'ends in the middle',
      'postgresql://a:b@localhost/d%00e',
      /^invalid connection string: the database contains the character U\+0000/,
    ],
    ['is badly encoded', 'postgresql://a%zz:b@localhost/d', /^invalid connection string: the user is not percent-/],
  ])('that %s is refused', async (_, value, message) => {
    const response = await fetch(endpointOf(branch.url), {
      method: 'POST',
      headers: value === undefined ? {} : { 'Neon-Connection-String': value },
      body: '{"query":"select 1"}',
    });
    expect(response.status).toBe(400);
    const body = (await response.json()) as { message: string };
    expect(body.message).toMatch(message);
  });
});

test.each([
  ['a wrong password', (url: URL) => (url.password = 'wrong'), 'todo'],
  ['an unknown user', (url: URL) => (url.username = 'nobody'), 'nobody'],
])('%s is refused with the same message', async (_, change, user) => {
  expect(await post({ query: 'select 1' }, withUrl(change))).toMatchObject({
    status: 400,
    body: { message: `password authentication failed for user '${user}'`, code: '28P01' },
  });
});

test('the error for an unknown database names it', async () => {
  expect(
    await post(
      { query: 'select 1' },
      withUrl((url) => (url.pathname = '/nowhere')),
    ),
  ).toMatchObject({
    status: 400,
    body: { message: 'database "nowhere" does not exist', code: '3D000' },
  });
});

test('Neon Authorize is refused with the reason that only the cloud has it', async () => {
  const response = await post({ query: 'select 1' }, { Authorization: 'Bearer eyJ' });
  expect(response).toMatchObject({ status: 400, body: { message: expect.stringMatching(/only in the cloud/) } });
});

describe('a body', () => {
  test('is read as JSON with any content type', async () => {
    const response = await post(
      { query: 'select 1 as n' },
      { 'Content-Type': 'text/plain', 'Neon-Pool-Opt-In': 'true' },
    );
    expect(response).toMatchObject({ status: 200, body: { rows: [{ n: 1 }] } });
  });

  test.each([
    ['empty', ''],
    ['cut off', '{"query":"select 1"'],
    ['no object', '[]'],
    ['null', 'null'],
    ['without a query', '{}'],
    ['with a query that is no text', '{"query":3}'],
    ['with queries that are no array', '{"queries":{}}'],
    ['with a query in a batch that is no object', '{"queries":["select 1"]}'],
    ['with parameters that are text', '{"query":"select 1","params":"x"}'],
    ['with an array mode that is no boolean', '{"query":"select 1","arrayMode":"true"}'],
    // PostgreSQL would store U+FFFD instead.
    ['a lone surrogate', '{"query":"select $1","params":["\\ud800"]}'],
    ['a lone surrogate in a query', `{"query":"select '\\udc00'"}`],
    ['a lone surrogate in an array', '{"query":"select $1::text[]","params":[["a\\ud800"]]}'],
    ['a lone surrogate in an object', '{"query":"select $1::json","params":[{"a":"\\ud800"}]}'],
    ['nested without end', `{"query":"select 1","params":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['nested without end in objects', `{"query":"select 1","params":[${'{"a":'.repeat(9000)}1${'}'.repeat(9000)}]}`],
  ])('that is %s is refused', async (_, body) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(response.body.message).toMatch(/^could not parse the HTTP request body: /);
  });

  test.each([
    ['Latin-1', [0xe9]],
    ['a lone surrogate', [0xed, 0xa0, 0x80]],
    ['a zero in two bytes', [0xc0, 0x80]],
    ['a character that is cut off', [0xf0, 0x9f, 0x98]],
  ])('that is not UTF-8 is refused: %s', async (_, bytes) => {
    for (const text of ['{"query":"select $1","params":["?"]}', `{"query":"select '?'"}`]) {
      const [before = '', after = ''] = text.split('?');
      const { status, body } = await post(Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]));
      expect([status, body]).toMatchObject([
        400,
        { message: 'could not parse the HTTP request body: it is not UTF-8', code: null },
      ]);
    }
  });

  test('that is not JSON is not quoted in the error, because it holds values', async () => {
    const { body } = await post('{"query":"select $1","params":["secret",oops]}');
    expect(body.message).toBe(`could not parse the HTTP request body: Unexpected token 'o'`);
  });

  test('with "query" and "queries" is a single query', async () => {
    expect((await post({ query: 'select 1 as n', queries: [] })).body.rows).toEqual([{ n: 1 }]);
  });

  test('with two equal names uses the last one', async () => {
    const { body } = await post('{"query":"selekt","params":["x"],"query":"select $1::int as n","params":[7]}');
    expect(body.rows).toEqual([{ n: 7 }]);
  });

  test('may have a null arrayMode and unknown members', async () => {
    const body = { query: 'select 1 as n', arrayMode: null, more: true };
    expect((await post(body, { 'Neon-Array-Mode': 'true' })).body.rows).toEqual([[1]]);
  });

  test.each([{}, { arrayMode: null }])('with the character U+0000 in its query is refused (%j)', async (others) => {
    const response = await post({ query: 'select 1 \0', ...others });
    expect(response).toMatchObject({ status: 400, body: { message: 'a query cannot contain the character U+0000' } });
  });

  test('of nearly 10 MiB is read, with any content', async () => {
    for (const text of ['x'.repeat(10_000_000), '"\n'.repeat(2_000_000), 'é'.repeat(5_000_000)]) {
      const { status, body } = await post({ query: 'select length($1) as n', params: [text] });
      expect([status, body.rows]).toEqual([200, [{ n: text.length }]]);
    }
  });

  test('over 10 MiB with a Content-Length is refused before it is sent', async () => {
    const { port } = new URL(branch.url);
    const headers = { 'content-length': BYTES_MAX + 1, 'neon-connection-string': branch.url };
    const sent = request({ host: 'localhost', port, path: '/sql', method: 'POST', headers });
    sent.on('error', () => {});
    sent.flushHeaders();
    const [response] = await once(sent, 'response');
    expect(response.statusCode).toBe(413);
    sent.destroy();
  });

  test('over 10 MiB without a Content-Length is refused before its end', async () => {
    const { port } = new URL(branch.url);
    const headers = { 'transfer-encoding': 'chunked', 'neon-connection-string': branch.url };
    const sent = request({ host: 'localhost', port, path: '/sql', method: 'POST', headers });
    sent.on('error', () => {});
    // The refusal is sent once, however many bytes follow.
    sent.write(Buffer.alloc(BYTES_MAX + 1_000_000, 'x'));
    const [response] = await once(sent, 'response');
    expect(response.statusCode).toBe(413);
    sent.destroy();
  });

  test('that is refused for its size is read to its end, and its connection can be used again', async () => {
    const socket = connect({ host: 'localhost', port: Number(new URL(branch.url).port) });
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    const head = `POST /sql HTTP/1.1\r\nHost: localhost\r\nNeon-Connection-String: ${branch.url}\r\n`;
    socket.write(`${head}Content-Length: ${BYTES_MAX + 1}\r\n\r\n`);
    socket.write(Buffer.alloc(BYTES_MAX + 1, 'x'));
    const body = '{"query":"select 42 as n"}';
    socket.write(`${head}Content-Length: ${body.length}\r\n\r\n${body}`);
    await expect.poll(() => received).toContain('{"n":42}');
    expect(received).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  });
});

test('a query with 65,535 parameters, the maximum of the protocol, works', async () => {
  const names = Array.from({ length: 65_535 }, (_, index) => `$${index + 1}`);
  const { body } = await post({ query: `select cardinality(array[${names.join()}]) as n`, params: names });
  expect(body.rows).toEqual([{ n: 65_535 }]);
});

test.each([1, '1'])('more than 65,535 parameters are refused (%j)', async (param) => {
  const params = Array.from({ length: 65_536 }, () => param);
  expect(await post({ query: 'select 1', params })).toMatchObject({
    status: 400,
    body: { message: 'a query takes at most 65535 parameters' },
  });
});

describe('a path or a method that is not served', () => {
  test.each([
    ['GET', '/sql'],
    ['PUT', '/sql'],
    ['DELETE', '/sql'],
    ['POST', '/'],
    ['POST', '/sql/'],
    ['POST', '/v2'],
    ['OPTIONS', '/other'],
  ])('%s %s', async (method, path) => {
    const response = await fetch(new URL(path, endpointOf(branch.url)), { method });
    expect([response.status, await response.json()]).toEqual([400, 'query is not supported']);
    expect(response.headers.get('neon-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

test('a request line with a whole URL is served', async () => {
  const { port } = new URL(branch.url);
  const headers = { 'neon-connection-string': branch.url };
  const sent = request({ port, path: endpointOf(branch.url), method: 'POST', headers });
  sent.end('{"query":"select 1"}');
  const [response] = await once(sent, 'response');
  expect(response.statusCode).toBe(200);
  response.resume();
});

test.each([200, 400, 413, 507])('a response of status %i has a request id of its own', async (status) => {
  const bodies: Record<number, unknown> = {
    200: { query: 'select 1' },
    400: { query: 'selekt' },
    413: 'x'.repeat(BYTES_MAX + 1),
    507: { query: `select repeat('x', ${BYTES_MAX})` },
  };
  const [one, two] = [await post(bodies[status]), await post(bodies[status])];
  expect([one.status, two.status]).toEqual([status, status]);
  const ids = [one, two].map(({ headers }) => headers.get('neon-request-id'));
  expect(ids[0]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(ids[0]).not.toBe(ids[1]);
});

test('four hundred queries at once all succeed', async () => {
  const sql = neon(branch.url);
  const results = await Promise.all(Array.from({ length: 400 }, (_, n) => sql`select ${n}::int as n, pg_sleep(0.01)`));
  expect(results.map(([row]) => row?.n)).toEqual(Array.from({ length: 400 }, (_, n) => n));
});
