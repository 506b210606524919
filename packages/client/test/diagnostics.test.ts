/** The events on Node's diagnostics channels, over both transports. */
import { testBranch } from '@todo/local-neon/vitest';
import { eq, sql } from 'drizzle-orm';
import { describe, expect, onTestFinished, test, vi } from 'vitest';

import { publishEvents } from '../src/diagnostics/index.ts';
import { connectSession, transaction } from '../src/index.ts';
import { observe, observer } from '../src/requests/observer.ts';
import { connectHttp, connectWebSocket, type Database, type WebSocketDatabase } from './fixture/app.ts';
import { account, note } from './fixture/schema.ts';
import { plantSecrets, secretsIn } from './plant-secrets.ts';
import { recordEvents } from './record-events.ts';
import { tcpProxy } from './tcp-proxy.ts';

publishEvents();
const { url } = await testBranch();
const { hostname, port, pathname } = new URL(url);
const where = { host: hostname, port: Number(port), database: pathname.slice(1) };

function connectPool(options?: Parameters<typeof connectWebSocket>[1], to = url): WebSocketDatabase {
  const db = connectWebSocket(to, options);
  onTestFinished(() => db.close());
  return db;
}

const transports: Record<string, (to?: string) => Database> = {
  'over HTTP': (to = url) => connectHttp(to),
  'over WebSocket': (to) => connectPool({}, to),
};

describe.each(Object.entries(transports))('%s', (name, connect) => {
  test('a query has an event at its start and at its end, with the statement, the rows and the duration', async () => {
    const { events, retries } = recordEvents();
    const db = connect();
    await db.insert(account).values([1, 2].map((n) => ({ email: `${n}-${name.slice(5)}@example.com`, secret: 'h' })));
    await db.select({ id: account.id }).from(account).where(eq(account.id, -1));

    const insert = {
      ...where,
      kind: 'query',
      statements: [expect.stringMatching(/^insert into "account"/)],
      attempts: 1,
    };
    const select = { ...insert, statements: ['select "id" from "account" where "account"."id" = $1'] };
    const durationMs = expect.toSatisfy((ms) => ms > 0);
    expect(events.filter(({ kind }) => kind === 'query')).toEqual([
      { ...insert, phase: 'start' },
      { ...insert, phase: 'asyncEnd', rows: 2, durationMs },
      { ...select, phase: 'start' },
      { ...select, phase: 'asyncEnd', rows: 0, durationMs },
    ]);
    expect(retries).toEqual([]);
  });

  test('a failed query has an event with the kind of its error and the SQLSTATE', async () => {
    const { events } = recordEvents();
    const db = connect();
    await expect(db.insert(note).values({ title: 't', ownerId: -1 })).rejects.toMatchObject({ kind: 'owner-missing' });
    await expect(db.execute(sql`select ${{ toPostgres: () => BigInt('no number') }}`)).rejects.toThrow('no number');
    expect(events.filter(({ kind, phase }) => kind === 'query' && phase !== 'start')).toMatchObject([
      { phase: 'error', error: 'owner-missing', code: '23503' },
      { phase: 'asyncEnd', error: 'owner-missing', code: '23503' },
      { phase: 'error', error: 'other', code: undefined },
      { phase: 'asyncEnd', error: 'other', code: undefined },
    ]);
  });

  test('a query that is sent again has an event for each retry, and counts its attempts', async () => {
    const { ended, retries } = recordEvents();
    await using proxy = await tcpProxy(url);
    const db = connect(proxy.url);
    proxy.meet('cut', 'cut');
    await db.select().from(account);
    expect(ended('query')).toMatchObject([{ attempts: 3, port: Number(new URL(proxy.url).port) }]);
    const retry = { error: 'connection', code: expect.any(String), pauseMs: expect.any(Number) };
    expect(retries).toEqual([retry, retry]);
  });

  test('a subscriber can run a query in a context of its own', async () => {
    const channel = publishEvents()!.operations.query;
    const seen: unknown[] = [];
    const onStart: Parameters<typeof channel.start.subscribe>[0] = (event) => {
      event.inContext = async (operation) => {
        seen.push('before');
        const answer = await operation();
        seen.push(event.rows);
        return answer;
      };
    };
    channel.start.subscribe(onStart);
    onTestFinished(() => channel.start.unsubscribe(onStart));
    expect((await connect().execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
    expect(seen).toEqual(['before', 1]);
  });

  test('no event contains a parameter, a row or a password', async () => {
    const { events, retries } = recordEvents();
    const secrets = await plantSecrets(connect(), 200);
    const text = JSON.stringify([events, retries]);
    expect(events.length).toBeGreaterThan(200);
    expect(secrets.flatMap(secretsIn)).toHaveLength(200);
    expect(secretsIn(text)).toEqual([]);
    expect(text).not.toContain(new URL(url).password);
  });
});

test('a batch has one event with all its statements and rows', async () => {
  const { ended } = recordEvents();
  const db = connectHttp(url);
  await db.batch([db.execute(sql`select 1`), db.execute(sql`select generate_series(1, 3)`)]);
  expect(ended('batch')).toMatchObject([
    { ...where, statements: ['select 1', 'select generate_series(1, 3)'], rows: 4, attempts: 1 },
  ]);
  expect(ended('query')).toEqual([]);
});

test('a transaction has an event around those of its statements', async () => {
  const { events } = recordEvents();
  await connectPool().transaction((tx) => tx.execute(sql`select 1`));
  const told = events.filter(({ kind }) => kind === 'transaction' || kind === 'query');
  expect(told.map(({ kind, phase, statements: [first = ''] }) => `${kind} ${phase} ${first.trim()}`)).toEqual([
    'transaction start ',
    'query start begin',
    'query asyncEnd begin',
    'query start select 1',
    'query asyncEnd select 1',
    'query start commit',
    'query asyncEnd commit',
    'transaction asyncEnd ',
  ]);
  expect(told.at(-1)).not.toHaveProperty('rows');
});

test('a transaction that its own function ends has an event without that error', async () => {
  const { ended } = recordEvents();
  const work = connectPool().transaction(async () => Promise.reject(new Error('s3cret')));
  await expect(work).rejects.toThrow('s3cret');
  expect(ended('transaction')).toMatchObject([{ error: 'other', code: undefined }]);
  expect(JSON.stringify(ended('transaction'))).not.toContain('s3cret');
});

test('a transaction that is retried after a conflict has an event for each retry', async () => {
  const { ended, retries } = recordEvents();
  let runs = 0;
  await transaction(connectPool(), async (tx) => {
    runs += 1;
    if (runs < 3) await tx.execute(sql`do $$ begin raise sqlstate '40001'; end $$`);
  });
  const retry = { error: 'serialization-failure', code: '40001', pauseMs: expect.any(Number) };
  expect(retries).toEqual([retry, retry]);
  expect(ended('transaction').map(({ error }) => error)).toEqual([retry.error, retry.error, undefined]);
});

test('each new connection has an event, and so has one that could not be opened', async () => {
  const { ended } = recordEvents();
  const db = connectPool({ connectionsMax: 1 });
  await db.execute(sql`select 1`);
  await db.execute(sql`select 1`);
  await (await connectSession(url)).close();
  expect(ended('connect')).toMatchObject([where, where]);
  expect(ended('connect').map(({ error }) => error)).toEqual([undefined, undefined]);

  const nobody = new URL(url);
  nobody.port = '1';
  await expect(connectSession(nobody.href)).rejects.toThrow(/ECONNREFUSED|failed/);
  await expect(connectPool({ connectTimeoutMs: 100 }, nobody.href).execute(sql`select 1`)).rejects.toMatchObject({
    kind: 'connection',
  });
  expect(ended('connect').slice(2, 4)).toMatchObject([
    { port: 1, error: 'connection' },
    { port: 1, error: 'connection' },
  ]);
});

test('a request that finds no idle connection has an event for its wait', async () => {
  const { ended } = recordEvents();
  const db = connectPool({ connectionsMax: 1 });
  await db.execute(sql`select 1`);
  // For the connection that had to be opened.
  expect(ended('pool-wait')).toHaveLength(1);
  await db.execute(sql`select 1`);
  expect(ended('pool-wait')).toHaveLength(1);
  await Promise.all([db.execute(sql`select pg_sleep(0.1)`), db.execute(sql`select 1`)]);
  expect(ended('pool-wait')).toMatchObject([where, { ...where, durationMs: expect.toSatisfy((ms) => ms > 50) }]);
});

test('a client without a URL has events too', async () => {
  const { ended } = recordEvents();
  await expect(connectPool({}, '').execute(sql`select 1`)).rejects.toThrow('DATABASE_URL is not set');
  expect(ended('query')).toMatchObject([{ host: undefined, statements: ['select 1'], error: 'other' }]);
});

const given = async (...parameters: unknown[]) => parameters;

test('without a subscriber no event is built', async () => {
  expect(observer()).toBeDefined();
  const unread = new Proxy<string[]>([], {
    get() {
      throw new Error('The statements were read.');
    },
  });
  expect(await observe('query', new URL(url), unread, given)).toEqual([undefined]);
  recordEvents();
  expect(await observe('query', new URL(url), [], given)).toEqual([expect.any(Function)]);
});

describe('without `node:diagnostics_channel`', () => {
  test.each([
    ['a browser', undefined],
    [
      'Next.js’s edge sandbox',
      () => {
        throw new Error('A Node.js API is used (process.getBuiltinModule) which is not supported in the Edge Runtime.');
      },
    ],
  ])(
    'as in %s, clients work, there are no channels, and traceDatabase says what it needs',
    async (_runtime, builtIn) => {
      const own = Object.getOwnPropertyDescriptor(process, 'getBuiltinModule')!;
      Object.defineProperty(process, 'getBuiltinModule', { ...own, value: builtIn });
      onTestFinished(() => void Object.defineProperty(process, 'getBuiltinModule', own));
      vi.resetModules();
      const clients = await import('./fixture/app.ts');
      const diagnostics = await import('../src/diagnostics/index.ts');
      const { traceDatabase } = await import('../src/otel/index.ts');
      await using db = clients.connectWebSocket(url);
      expect((await db.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
      expect(diagnostics.publishEvents()).toBeUndefined();
      expect(() => traceDatabase()).toThrow('needs node:diagnostics_channel');
    },
  );
});
