import { once } from 'node:events';
import { request } from 'node:http';
import { connect as connectHttp2, constants } from 'node:http2';
import { connect } from 'node:net';

import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { testBranch } from '../src/vitest.ts';
import { connectHttp, connectTcp, createNeonClient } from './connect.ts';

const branch = await testBranch();
const port = Number(new URL(branch.url).port);

async function isServing(): Promise<boolean> {
  const connection = await connectHttp(branch.url);
  return (await connection.query('select 1 as n')).rows[0]?.n === 1;
}

/** `fetch` sets Host and Origin itself. */
async function statusWith(headers: Record<string, string>, host = '127.0.0.1'): Promise<number | undefined> {
  const sent = request({ host, port, path: '/sql', method: 'POST', headers });
  sent.end('{"query":"select 1"}');
  const [response] = await once(sent, 'response');
  response.resume();
  return response.statusCode;
}

describe('a web page is refused', () => {
  const connectionString = { 'Neon-Connection-String': branch.url };

  test('with its Origin', async () => {
    expect(await statusWith({ ...connectionString, Origin: 'https://example.com' })).toBe(403);
    expect(await statusWith({ ...connectionString, Origin: 'null' })).toBe(403);
  });

  test('by a name of its own that resolves to loopback (DNS rebinding)', async () => {
    expect(await statusWith({ ...connectionString, Host: `evil.example:${port}` })).toBe(403);
    expect(await statusWith({ ...connectionString, Host: `127.0.0.1.evil.example:${port}` })).toBe(403);
  });

  test('through a WebSocket', async () => {
    const webSocket = new WebSocket(`ws://localhost:${port}/v2`, { origin: 'https://example.com' });
    const [, response] = await once(webSocket, 'unexpected-response');
    webSocket.on('error', () => {});
    webSocket.terminate();
    expect(response.statusCode).toBe(403);
  });

  test.each(['localhost', '127.0.0.1', '[::1]'])('but the Host %s is accepted', async (host) => {
    expect(await statusWith({ ...connectionString, Host: `${host}:${port}` })).toBe(200);
  });
});

test.each(['127.0.0.1', '::1'])('the port accepts connections on %s', async (host) => {
  const socket = connect({ host, port });
  await once(socket, 'connect');
  expect(socket.remoteAddress).toBe(host);
  socket.destroy();
});

test('the port accepts no connection on another address', async () => {
  // On Linux this address is this machine, too.
  await expect(once(connect({ host: '127.0.0.2', port }), 'connect')).rejects.toThrow('connect');
});

describe('a WebSocket', () => {
  test.each(['password', false] as const)('accepts the driver with pipelineConnect %s', async (pipelineConnect) => {
    const client = createNeonClient(branch.url);
    client.neonConfig.pipelineConnect = pipelineConnect;
    await client.connect();
    expect((await client.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
    await client.end();
  });

  test('whose login is refused receives the reason, each time', async () => {
    const wrong = new URL(branch.url);
    wrong.password = 'wrong';
    const outcomes = Array.from({ length: 40 }, async () => {
      const client = createNeonClient(wrong.href);
      const ended = new Promise((resolve) => client.once('end', resolve));
      // The driver sends the query with the password and considers itself connected; PostgreSQL never reads the
      // query.
      await client.connect();
      const refusal: unknown = await client.query('select 1').catch((error: unknown) => error);
      await ended;
      return (refusal as { code?: string }).code;
    });
    expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['28P01']));
  });

  test('holds a session: a transaction is on one backend, and rolls back', async () => {
    const client = createNeonClient(branch.url);
    await client.connect();
    await client.query('begin');
    await client.query('create table passing ()');
    await client.query('rollback');
    expect((await client.query(`select to_regclass('passing') as found`)).rows).toEqual([{ found: null }]);
    await client.end();
  });

  test('that sends text is closed, and the server continues', async () => {
    const webSocket = new WebSocket(`ws://localhost:${port}/v2`);
    await once(webSocket, 'open');
    webSocket.send('select 1');
    const [code] = await once(webSocket, 'close');
    expect(code).toBe(1003);
    expect(await isServing()).toBe(true);
  });

  test('closes when its backend is terminated', async () => {
    const client = createNeonClient(branch.url);
    await client.connect();
    const { rows } = await client.query('select pg_backend_pid() as pid');
    // Not `once`, which rejects at the error before `close`.
    const ended = new Promise((resolve) => client.once('end', resolve));
    const other = await connectTcp(branch.url);
    await other.query('select pg_terminate_backend($1)', [rows[0].pid]);
    await expect(ended).resolves.toBeUndefined();
    await other.close();
  });

  test('that breaks off closes its backend', async () => {
    const client = createNeonClient(branch.url);
    await client.connect();
    const { rows } = await client.query('select pg_backend_pid() as pid');
    const socket = (client as unknown as { connection: { stream: { ws: WebSocket } } }).connection.stream.ws;
    socket.terminate();
    const other = await connectTcp(branch.url);
    const alive = async (): Promise<unknown> =>
      (await other.query('select count(*)::int as n from pg_stat_activity where pid = $1', [rows[0].pid])).rows[0]?.n;
    await expect.poll(alive).toBe(0);
    await other.close();
  });
});

test('HTTP/2 with prior knowledge gets GOAWAY with HTTP_1_1_REQUIRED', async () => {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  session.on('error', () => {});
  const stream = session.request({ ':method': 'POST', ':path': '/sql' });
  stream.on('error', () => {});
  stream.end('{"query":"select 1"}');
  const closed = new Promise((resolve) => session.once('close', resolve));
  const [code] = await once(session, 'goaway');
  expect(code).toBe(constants.NGHTTP2_HTTP_1_1_REQUIRED);
  await closed;
  expect(await isServing()).toBe(true);
});

describe('a connection with another protocol is closed, and the server continues', () => {
  test.each([
    ['a TLS handshake', Buffer.from([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0])],
    ['letters in lower case', Buffer.from('hello\n')],
    ['a startup packet of an absurd length', Buffer.from([0, 0xff, 0xff, 0xff, 0, 3, 0, 0])],
    ['half an HTTP request, then invalid bytes', Buffer.from('POST /sql HTTP/1.1\r\n\x00\x01\x02\r\n\r\n')],
  ])('%s', async (_, bytes) => {
    const socket = connect({ host: '127.0.0.1', port });
    const closed = new Promise((resolve) => socket.once('close', resolve));
    // A reset closes the connection, too.
    socket.on('error', () => {});
    socket.resume();
    socket.write(bytes);
    await closed;
    expect(await isServing()).toBe(true);
  });
});
