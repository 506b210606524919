/** Each client connects to the host of its connection string, so a process may use a local and a remote database. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

import { Client, neonConfig } from '@neondatabase/serverless';
import { testBranch } from '@todo/local-neon/vitest';
import { sql } from 'drizzle-orm';
import { describe, expect, onTestFinished, test } from 'vitest';

import { connectSession } from '../src/index.ts';
import { connectHttp, connectWebSocket } from './fixture/app.ts';
import { account } from './fixture/schema.ts';
import { setWebSocketEndpoint } from '../src/websocket-endpoint.ts';
import { query } from './query.ts';

const { url } = await testBranch();
// A host that does not resolve. The name in the DNS request shows the driver's target.
const remote = 'postgresql://u:p@ep-x.region.example.invalid/db';

const one = sql<number>`select 1 as one`;

test('over HTTP, a local and a remote client in one process each reach their own server', async () => {
  const before = connectHttp(url);
  const elsewhere = connectHttp(remote);
  const after = connectHttp(url);
  for (const db of [before, after]) expect((await db.execute(one)).rows).toEqual([{ one: 1 }]);
  await expect(elsewhere.execute(one)).rejects.toMatchObject({
    message: expect.stringContaining('api.region.example.invalid'),
  });
  expect((await before.execute(one)).rows).toEqual([{ one: 1 }]);
});

test('over WebSocket, a local and a remote client in one process each reach their own server', async () => {
  await using local = connectWebSocket(url);
  await using elsewhere = connectWebSocket(remote);
  expect((await local.execute(one)).rows).toEqual([{ one: 1 }]);
  await expect(elsewhere.execute(one)).rejects.toMatchObject({
    message: expect.stringContaining('ep-x.region.example.invalid'),
  });
});

test('the application’s `fetchEndpoint` still applies to every host except this machine', async () => {
  const { fetchEndpoint } = neonConfig;
  onTestFinished(() => {
    neonConfig.fetchEndpoint = fetchEndpoint;
  });
  neonConfig.fetchEndpoint = 'https://proxy.example.invalid/sql';
  const local = connectHttp(url);
  await expect(connectHttp(remote).execute(one)).rejects.toMatchObject({
    message: expect.stringContaining('proxy.example.invalid'),
  });
  expect((await local.execute(one)).rows).toEqual([{ one: 1 }]);
});

test('a `fetchEndpoint` that points to this machine may be without TLS', async () => {
  const { fetchEndpoint } = neonConfig;
  onTestFinished(() => {
    neonConfig.fetchEndpoint = fetchEndpoint;
  });
  neonConfig.fetchEndpoint = `http://${new URL(url).host}/sql`;
  await expect(connectHttp(remote).execute(one)).rejects.toThrow('password authentication failed');
});

test('creating a client for each request leaves the driver’s settings unchanged', () => {
  connectHttp(url);
  const { fetchEndpoint } = neonConfig;
  connectHttp(url);
  expect(neonConfig.fetchEndpoint).toBe(fetchEndpoint);
});

test('no setting of the application sends a password without TLS to another host', async () => {
  const { fetchEndpoint, useSecureWebSocket } = neonConfig;
  onTestFinished(() => {
    Object.assign(neonConfig, { fetchEndpoint, useSecureWebSocket });
  });
  neonConfig.fetchEndpoint = 'http://proxy.example.invalid/sql';
  neonConfig.useSecureWebSocket = false;
  await expect(connectHttp(remote).execute(one)).rejects.toMatchObject({
    kind: 'connection',
    retryable: false,
    message: expect.stringContaining('use https'),
  });

  // The first byte shows the protocol: a TLS record begins with 22, an HTTP request with a letter.
  const server = createServer((socket) =>
    socket.once('data', (bytes) => {
      server.emit('first', bytes[0]);
      socket.destroy();
    }),
  ).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const client = new Client(remote);
  setWebSocketEndpoint(client, new URL(remote));
  client.neonConfig.wsProxy = `127.0.0.1:${(server.address() as AddressInfo).port}/v2`;
  const first = once(server, 'first');
  await expect(client.connect()).rejects.toBeDefined();
  expect(await first).toEqual([22]);
});

/** A host name as another container has it: neither Neon's nor this machine. */
const elsewhere = (host: string) => {
  const { username, password, pathname } = new URL(url);
  return `postgresql://${username}:${password}@${host}:5454${pathname}`;
};

describe.each([
  ['over HTTP', connectHttp, 'fetchEndpoint'],
  ['over WebSocket', connectWebSocket, 'wsProxy'],
] as const)('a host that is neither this machine nor Neon’s, %s', (_, connect, option) => {
  test.each([
    'local-neon',
    'host.docker.internal',
    'db.localtest.me',
    'localhost.',
    '10.0.0.5',
    '[fd00::5]',
    'db.example.com',
    'ep-x',
  ])('%s is refused with the option to set', (host) => {
    for (const attempt of [() => connect(elsewhere(host)), () => connect(url, { replicas: [elsewhere(host)] })]) {
      expect(attempt).toThrow(
        expect.objectContaining({
          name: 'DatabaseUrlError',
          code: 'DATABASE_URL_INVALID',
          message: expect.stringMatching(
            new RegExp(
              String.raw`\(localhost, 127\.0\.0\.1, \[::1\]\) nor Neon’s \(ep-….neon.tech\).*${option}: '\w+://HOST:PORT/`,
            ),
          ),
        }),
      );
    }
  });
});

test('the address of one client may be any host, and other clients do not use it', async () => {
  const { host } = new URL(url);
  const [fetchEndpoint, wsProxy] = [`http://${host}/sql`, `ws://${host}/v2`];
  const http = connectHttp(elsewhere('local-neon'), { fetchEndpoint });
  await using websocket = connectWebSocket(elsewhere('10.0.0.5'), { wsProxy });
  const other = connectHttp(remote);
  for (const db of [http, websocket]) expect((await db.execute(one)).rows).toEqual([{ one: 1 }]);
  expect(await http.batch([http.execute(one), http.execute(one)])).toHaveLength(2);
  const answers = await Promise.allSettled([http.execute(one), other.execute(one), http.execute(one)]);
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  await using session = await connectSession(elsewhere('local-neon'), { wsProxy, connectTimeoutMs: 60_000 });
  expect((await session.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});

test('an address function gets host and port, and gives each replica its own address', async () => {
  const asked: unknown[] = [];
  const find = (scheme: string, path: string) => (host: string, port: string | number) => {
    asked.push([scheme, host, String(port)]);
    return `${scheme}://${new URL(url).host}/${path}`;
  };
  const replicas = [elsewhere('replica')];
  const http = connectHttp(elsewhere('local-neon'), { replicas, fetchEndpoint: find('http', 'sql') });
  await using websocket = connectWebSocket(elsewhere('local-neon'), { replicas, wsProxy: find('ws', 'v2') });
  for (const db of [http, websocket]) {
    expect(await db.$count(account)).toBe(0);
    expect(await db.primary.$count(account)).toBe(0);
  }
  expect(asked).toEqual(
    ['http', 'ws'].flatMap((scheme) => ['replica', 'local-neon'].map((host) => [scheme, host, '5454'])),
  );
});

test('an https or wss address is called with TLS', async () => {
  const server = createServer((socket) =>
    socket.once('data', (bytes) => {
      server.emit('first', bytes[0]);
      socket.destroy();
    }),
  ).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const first = once(server, 'first');
  await using db = connectWebSocket(elsewhere('local-neon'), { wsProxy: `wss://${host}/v2`, connectTimeoutMs: 500 });
  await expect(db.execute(one)).rejects.toMatchObject({ kind: 'connection' });
  expect(await first).toEqual([22]);
});

test('an invalid address is refused at once, and not retried', async () => {
  for (const fetchEndpoint of ['local-neon:5454', 'nonsense']) {
    const db = connectHttp(elsewhere('local-neon'), { fetchEndpoint });
    await expect(db.execute(one)).rejects.toMatchObject({ kind: 'connection', retryable: false });
  }
});

test('a session bypasses the pooler', async () => {
  const pooled = remote.replace('@ep-x.', '@ep-x-pooler.');
  await expect(connectSession(pooled)).rejects.toThrow(/ep-x\.region\.example\.invalid/);
  await using db = connectWebSocket(pooled);
  await expect(db.execute(one)).rejects.toThrow(/ep-x-pooler\.region\.example\.invalid/);
});

test('connecting does not change driver settings that other WebSockets in the process use', async () => {
  await using db = connectWebSocket(url);
  await db.execute(one);
  const { wsProxy, useSecureWebSocket, coalesceWrites, webSocketConstructor } = neonConfig;
  expect({ wsProxy, useSecureWebSocket, coalesceWrites, webSocketConstructor }).toEqual({
    wsProxy: neonConfig.defaults.wsProxy,
    useSecureWebSocket: true,
    coalesceWrites: true,
    webSocketConstructor: undefined,
  });
});

test('users, passwords and databases with any characters connect over both transports', async () => {
  const [role, password, database] = [`o'd@d:r/ö le`, `p:a/s@s#w?o%r d'"ü💥`, 'data/base?'];
  await query(
    url,
    `create role "${role}" login password '${password.replaceAll("'", "''")}'`,
    `create database "${database}"`,
  );
  const odd = new URL(url);
  odd.username = encodeURIComponent(role);
  odd.password = encodeURIComponent(password);
  odd.pathname = encodeURIComponent(database);

  const who = sql`select current_user::text as role, current_database()::text as database`;
  await using session = connectWebSocket(odd.href);
  for (const db of [session, connectHttp(odd.href)]) {
    expect((await db.execute(who)).rows).toEqual([{ role, database }]);
  }
  await session.close();
  await query(url, `drop database "${database}" with (force)`);
});
