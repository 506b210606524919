/** The API, asked through `fetch`, the same over both transports of its database. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

import { connectHttp } from '@todo/db';
import { emptyBranch, testBranch } from '@todo/local-neon/vitest';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import type { LogEntry } from '../src/log.ts';
import { type ServedApi, type ServeOptions, serveApi } from '../src/serve.ts';
import { newcomer, PASSWORD, caller } from './client.ts';
import { apiSuite, SESSION_SECRET } from './suite.ts';

const entries: LogEntry[] = [];

const log = (entry: LogEntry) => void entries.push(entry);

function start(databaseUrl: string | undefined, transport: ServeOptions['transport']): Promise<ServedApi> {
  return serveApi({
    databaseUrl,
    transport,
    sessionSecret: SESSION_SECRET,
    isSecure: false,
    port: 0,
    host: 'localhost',
    log,
  });
}

describe.each(['http', 'websocket'] as const)('over %s', (transport) => {
  let url = '';
  let api: ServedApi;
  let origin = '';
  beforeAll(async () => {
    ({ url } = await testBranch());
    api = await start(url, transport);
    ({ origin } = api);
  });
  afterAll(() => api.close());

  apiSuite({ origin: () => origin, url: () => url });

  test('/readyz responds with 503 while a migration is not applied', async () => {
    const { url: empty } = await emptyBranch();
    const bare = await start(empty, transport);
    onTestFinished(() => bare.close());
    const { status, body } = await caller(bare.origin).send('GET', '/readyz');
    expect(status).toBe(503);
    expect(body).toMatchObject({ isReady: false });
    expect(body.migrations[0]).toEqual({ name: expect.any(String), state: 'pending' });
  });

  test('while the database does not respond, /healthz reports it long before a query times out', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, 'localhost');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const bare = await start(`postgresql://todo:hidden-password@localhost:${port}/todo`, transport);
    onTestFinished(async () => {
      silent.close();
      for (const socket of sockets) socket.destroy();
      await bare.close();
    });
    const startedAt = performance.now();
    const { status } = await caller(bare.origin).send('GET', '/healthz');
    expect(status).toBe(503);
    // A query would wait for 30 s.
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  });

  test.each([
    ['is not there', 'postgresql://todo:hidden-password@localhost:1/todo'],
    ['was not named', undefined],
  ])('while the database %s, health and readiness say so, and a request shows no password', async (name, gone) => {
    const bare = await start(gone, transport);
    onTestFinished(() => bare.close());
    const guest = caller(bare.origin);
    expect(await guest.send('GET', '/healthz')).toMatchObject({ status: 503, body: { isHealthy: false } });
    expect(await guest.send('GET', '/readyz')).toMatchObject({ status: 503, body: { isReady: false } });
    const response = await guest.send('POST', '/users', { email: 'a@example.com', password: PASSWORD });
    expect(response.status).toBe(name === 'is not there' ? 503 : 500);
    expect(response.headers.get('retry-after')).toBe(name === 'is not there' ? '1' : null);
    expect(JSON.stringify(response.body)).not.toMatch(/hidden-password|DATABASE_URL/);
  });

  test.each([
    ['57014', 'timeout', 'The database did not finish in time. Nothing was changed: send the request again.'],
    [
      '40001',
      'serialization-failure',
      'Another request changed the same data. Nothing was changed: send the request again.',
    ],
  ])('after SQLSTATE %s, the response 503 names the cause %s', async (code, kind, title) => {
    const { url: failing } = await testBranch();
    const bare = await start(failing, transport);
    onTestFinished(() => bare.close());
    const ada = await newcomer(bare.origin);
    const db = connectHttp(failing);
    await db.execute(`create function fail() returns trigger language plpgsql as
      $$ begin raise exception 'planted' using errcode = '${code}'; end $$`);
    await db.execute('create trigger fail before insert on todo for each row execute function fail()');
    const response = await ada.send('POST', '/todos', { title: 'x' });
    expect(response).toMatchObject({ status: 503, body: { kind, title } });
    expect(response.headers.get('retry-after')).toBe('1');
  });

  test('an unexpected error is logged with the request id of its response', async () => {
    const ada = await newcomer(origin);
    await connectHttp(url).execute('alter table todo rename column title to heading');
    onTestFinished(() => void connectHttp(url).execute('alter table todo rename column heading to title').then());
    const response = await ada.send('POST', '/todos', { title: 'x' });
    const entry = entries.find(({ requestId }) => requestId === response.body.requestId);
    expect(entry).toMatchObject({ route: '/todos', status: 500, error: { kind: 'refused', code: '42703' } });
  });
});

test('the log has one line per request, with the route and without values of the request', async () => {
  const { url } = await testBranch();
  const { origin, close } = await start(url, 'http');
  onTestFinished(close);
  entries.length = 0;
  const secret = 'planted-secret';
  const ada = await newcomer(origin);
  const sent = [
    await ada.send('POST', '/users', { email: `${secret}@example.com`, password: `${secret}!` }),
    await ada.send('POST', '/users', { email: `${secret}@example.com`, password: `${secret}!` }),
    await ada.send('POST', '/session', { email: `${secret}@example.com`, password: `${secret}?` }),
    await ada.send('POST', '/todos', { title: secret, description: secret }),
    await ada.send('POST', '/todos', { title: secret.repeat(20) }),
    await ada.send('GET', `/todos/${secret}`),
    await ada.send('GET', `/todos?cursor=${secret}`),
    await ada.send('GET', `/${secret}`),
    await ada.send('POST', '/todos', `{"title":"${secret}`),
  ];
  expect(sent.map(({ status }) => status)).toEqual([201, 409, 401, 201, 400, 400, 400, 404, 400]);
  expect(entries.slice(1).map(({ status }) => status)).toEqual(sent.map(({ status }) => status));
  expect(JSON.stringify(entries)).not.toContain(secret);
  await ada.send('GET', '/todos/stats');
  expect(entries.at(-1)).toMatchObject({ route: '/todos/stats', status: 200 });
  expect(entries.find(({ status }) => status === 409)).toMatchObject({
    method: 'POST',
    route: '/users',
    error: { kind: 'email-taken', code: '23505' },
  });
});
