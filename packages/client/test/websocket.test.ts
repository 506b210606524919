/** The WebSocket client: sessions, transactions, and lost connections. */
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { neonConfig } from '@neondatabase/serverless';
import { testBranch } from '@todo/local-neon/vitest';
import { eq, sql } from 'drizzle-orm';
import { describe, expect, expectTypeOf, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';

import { connectionFields } from '../src/connection-url.ts';
import { connectSession, transaction, type WebSocketOptions } from '../src/index.ts';
import { accountById, connectWebSocket, type WebSocketDatabase, withDatabase } from './fixture/app.ts';
import { account } from './fixture/schema.ts';
import { clientClass } from '../src/websocket-client.ts';
import { query } from './query.ts';
import { tcpProxy } from './tcp-proxy.ts';

const { url } = await testBranch();

function connect(options?: WebSocketOptions): WebSocketDatabase {
  const db = connectWebSocket(url, options);
  onTestFinished(() => db.close());
  return db;
}

const backend = sql<number>`pg_backend_pid()`;

describe('a transaction', () => {
  // With two copies of the driver, Drizzle would treat the pool as a single client and spread the statements over its connections.
  test('a transaction stays on one backend while other queries use the pool', async () => {
    const db = connect();
    await db.transaction(async (tx) => {
      const pids = new Set<unknown>();
      for (let i = 0; i < 5; i++) {
        const [{ rows }] = await Promise.all([
          tx.execute(sql`select ${backend} as pid`),
          db.execute(sql`select ${backend} as pid`),
        ]);
        pids.add(rows[0]?.['pid']);
      }
      expect(pids.size).toBe(1);
    });
  });

  test('a transaction whose function throws leaves no changes', async () => {
    const db = connect();
    const failing = db.transaction(async (tx) => {
      await tx.insert(account).values({ email: 'gone@example.com', secret: 'h' });
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await db.$count(account, eq(account.email, 'gone@example.com'))).toBe(0);
  });

  test('a transaction rolls back to a savepoint and continues', async () => {
    const db = connect();
    await db.transaction(async (tx) => {
      await tx.insert(account).values({ email: 'kept@example.com', secret: 'h' });
      const inner = tx.transaction((nested) =>
        nested.insert(account).values({ email: 'kept@example.com', secret: 'h' }),
      );
      await expect(inner).rejects.toMatchObject({ kind: 'email-taken' });
    });
    expect(await db.$count(account, eq(account.email, 'kept@example.com'))).toBe(1);
  });

  test('a transaction that cannot begin returns its connection', async () => {
    const db = connect({ connectionsMax: 1 });
    const isolationLevel = 'none such' as 'serializable';
    const failing = db.transaction(() => Promise.resolve(), { isolationLevel });
    await expect(failing).rejects.toMatchObject({ kind: 'refused', code: '42601' });
    expect((await db.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
  });

  test('a transaction is rejected when its connection drops, and the process survives', async () => {
    const db = connect();
    const dropped = db.transaction(async (tx) => {
      await tx.execute(sql`select pg_terminate_backend(${backend})`).catch(() => {});
      await tx.execute(sql`select 1`);
    });
    await expect(dropped).rejects.toBeInstanceOf(Error);
    expect((await db.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
  });
});

test('an idle connection that the server closes is replaced at the next query', async () => {
  const db = connect({ connectionsMax: 1 });
  const { rows } = await db.execute<{ pid: number }>(sql`select ${backend} as pid`);
  const first = rows[0]!.pid;
  await query(url, `select pg_terminate_backend(${first}, 5000)`);

  const second = await db.execute<{ pid: number }>(sql`select ${backend} as pid`);
  expect(second.rows[0]?.pid).not.toBe(first);
});

/** Makes the driver use this class until the test ends. */
function watchWebSockets(watched: typeof WebSocket): void {
  neonConfig.webSocketConstructor = watched;
  onTestFinished(() => {
    neonConfig.webSocketConstructor = undefined;
  });
}

/** Starts a query now. Drizzle sends it when it is awaited. */
async function start<T>(work: PromiseLike<T>): Promise<T> {
  return await work;
}

const one = sql`select 1 as one`;

/** Resolves when the pool refuses new work, after all work that was begun. */
async function shut(db: WebSocketDatabase): Promise<void> {
  await delay(0);
  await expect(db.execute(one)).rejects.toThrow('This database is closed');
}

describe('close', () => {
  const begin: Record<string, (db: WebSocketDatabase) => Promise<unknown>> = {
    'a query': (db) => start(db.execute(one)),
    'a transaction': (db) => db.transaction((tx) => tx.execute(one)),
    'a batch of queries': (db) => Promise.all(Array.from({ length: 30 }, () => start(db.execute(one)))),
  };
  const cases = Object.entries(begin).flatMap(([what, run]) =>
    ['cold', 'warm', 'to be checked'].map((state) => [what, state, run] as const),
  );

  test.each(cases)('close() waits for %s that has just begun when the pool is %s', async (_, state, run) => {
    const db = connectWebSocket(url, { checkIdleAfterMs: state === 'to be checked' ? 0 : 60_000 });
    if (state !== 'cold') await db.execute(one);
    const begun = run(db);
    const closing = db.close();
    await expect(begun).resolves.toBeDefined();
    await closing;
  });

  test('close() waits for a running transaction, refuses later work, leaves no backend, and may be called again', async () => {
    const db = connectWebSocket(url);
    let closing: Promise<void> | undefined;
    await db.transaction(async (tx) => {
      await tx.execute(sql`select set_config('application_name', 'to be closed', false)`);
      closing = db.close();
      // The pool refuses work only after its own timer, which was set first. Work from the same task is still accepted.
      await delay(0);
      await tx.insert(account).values({ email: 'last@example.com', secret: 'h' });
      await expect(db.execute(one)).rejects.toMatchObject({ kind: 'connection', retryable: false });
    });
    await closing;
    await db.close();
    expect(await query(url, `select email from account where email = 'last@example.com'`)).toHaveLength(1);
    const backends = () => query(url, `select pid from pg_stat_activity where application_name = 'to be closed'`);
    await expect.poll(backends).toEqual([]);
  });

  describe('close() waits for retries', () => {
    test('close() waits for a transaction that is retried', async () => {
      const db = connectWebSocket(url);
      let closing: Promise<void> | undefined;
      const undone = sql`do $$ begin raise exception using errcode = 'serialization_failure'; end $$`;
      const answer = await transaction(db, async (tx) => {
        if (closing !== undefined) return 'again';
        closing = db.close();
        await shut(db);
        return await tx.execute(undone);
      });
      expect(answer).toBe('again');
      await closing;
    });

    test('close() waits for a statement that must be prepared again after a migration', async () => {
      const { url: own } = await testBranch();
      const db = connectWebSocket(own);
      expect(await accountById(db, 1)).toBeUndefined();
      const migration = await connectSession(own);
      await migration.query('begin; alter table account alter column email type varchar(300)');
      const begun = accountById(db, 1);
      const closing = db.close();
      await shut(db);
      await migration.query('commit');
      expect(await begun).toBeUndefined();
      await closing;
      await migration.close();
    });
  });

  test('close() resolves when every WebSocket is closed', async () => {
    const sockets = new Set<WebSocket>();
    watchWebSockets(
      class extends WebSocket {
        override send(data: Uint8Array): void {
          sockets.add(this);
          super.send(data);
        }
      },
    );
    const db = connectWebSocket(url);
    await Promise.all([db.execute(one), db.execute(one)]);
    await db.close();
    expect(Array.from(sockets, ({ readyState }) => readyState)).toEqual([WebSocket.CLOSED, WebSocket.CLOSED]);
  });

  test('the end of an `await using` block closes the database', async () => {
    let leaked: WebSocketDatabase;
    {
      await using db = connectWebSocket(url);
      leaked = db;
      await db.execute(sql`select 1`);
    }
    await expect(leaked.execute(sql`select 1`)).rejects.toMatchObject({
      kind: 'connection',
      message: expect.stringContaining('This database is closed'),
    });
  });

  test('the end of `withDatabase` closes the database, after work that was begun and not awaited', async () => {
    const late = await withDatabase(url, async (db) => {
      await db.execute(one);
      return { begun: start(db.execute(one)), db };
    });
    expect((await late.begun).rows).toEqual([{ one: 1 }]);
    await expect(late.db.execute(one)).rejects.toThrow('This database is closed');
  });

  describe('close() always resolves', () => {
    test('close() resolves while a connection never finishes opening', async () => {
      await using proxy = await tcpProxy(url);
      proxy.meet(...Array.from({ length: 100 }, () => 'freeze'));
      const db = connectWebSocket(proxy.url, { connectTimeoutMs: 300 });
      const begun = start(db.execute(one));
      const closing = db.close();
      await expect(begun).rejects.toMatchObject({ kind: 'connection', code: 'ETIMEDOUT' });
      await closing;
    });

    test('close() resolves after the deadline of a statement that never ends', async () => {
      await using proxy = await tcpProxy(url);
      const db = connectWebSocket(proxy.url, { timeoutMs: 300, checkIdleAfterMs: Infinity });
      await expect.poll(() => db.execute(one).then(() => true)).toBe(true);
      proxy.freeze();
      const begun = start(db.execute(one));
      const closing = db.close();
      await expect(begun).rejects.toMatchObject({ kind: 'timeout' });
      await closing;
    });

    test.each(['cold', 'warm'])('close() resolves when the server is gone, with a pool that is %s', async (state) => {
      await using proxy = await tcpProxy(url);
      const db = connectWebSocket(proxy.url);
      if (state === 'warm') await db.execute(one);
      await proxy.close();
      const begun = start(db.execute(one));
      const closing = db.close();
      await expect(begun).rejects.toMatchObject({ kind: 'connection', code: 'ECONNREFUSED' });
      await closing;
    });
  });
});

describe('a connection that fails', () => {
  test('a failed connection gives an error with the address and the cause, not a WebSocket event', async () => {
    const db = connectWebSocket('postgresql://u:s3cret@localhost:1/db');
    await expect(db.execute(sql`select 1`)).rejects.toMatchObject({
      kind: 'connection',
      code: 'ECONNREFUSED',
      retryable: true,
      message: expect.stringMatching(
        /^The database could not be reached: connect ECONNREFUSED (127\.0\.0\.1|::1):1\.$/,
      ),
    });
    await db.close();
  });

  test('a connection timeout says what it waited for, and how long', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as { port: number };
    const session = connectSession(`postgresql://u:p@127.0.0.1:${port}/db`, { connectTimeoutMs: 100 });
    await expect(session).rejects.toMatchObject({
      code: 'ETIMEDOUT',
      message: `No connection to 127.0.0.1:${port} within 100 ms`,
    });
  });
});

test('a connection that the driver gave up is a timeout, whatever the clock says', async () => {
  await using proxy = await tcpProxy(url);
  proxy.meet('freeze');
  const to = new URL(proxy.url);
  // Simulates a process that was suspended between the driver's two looks at the clock.
  const client = new (clientClass(to, 60_000))({ ...connectionFields(to), connectionTimeoutMillis: 100 });
  await expect(client.connect()).rejects.toMatchObject({ code: 'ETIMEDOUT' });
});

test('at most `connectionsMax` connections are open, and further queries wait', async () => {
  const db = connect({ connectionsMax: 2 });
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => db.execute<{ pid: number }>(sql`select ${backend} as pid`)),
  );
  expect(new Set(answers.map(({ rows }) => rows[0]?.pid)).size).toBeLessThanOrEqual(2);
});

test('a value that cannot be serialized fails only its own query', async () => {
  const db = connect({ connectionsMax: 1 });
  const unsendable = {
    toPostgres() {
      throw new TypeError('cannot be written down');
    },
  };
  await expect(db.execute(sql`select ${unsendable}`)).rejects.toThrow('cannot be written down');
  expect((await db.execute(one)).rows).toEqual([{ one: 1 }]);
});

test('a statement is one WebSocket frame, and so is the Terminate message', async () => {
  const frames: string[] = [];
  watchWebSockets(
    class extends WebSocket {
      override send(data: Uint8Array): void {
        frames.push(Buffer.from(data).toString('latin1'));
        super.send(data);
      }
    },
  );
  const session = await connectSession(url);
  frames.length = 0;
  await session.query('select $1::text', ['one']);
  // Parse, Bind, Describe, Execute, Sync.
  expect(frames).toEqual([expect.stringMatching(/^P.*B.*D.*E.*S....$/s)]);
  await session.close();
  expect(frames[1]).toBe('X\0\0\0\u0004');
});

test('the type of a WebSocket database has transactions, and no `batch`', () => {
  expectTypeOf<WebSocketDatabase>().toHaveProperty('transaction');
  expectTypeOf<WebSocketDatabase>().not.toHaveProperty('batch');
});
