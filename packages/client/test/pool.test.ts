/** The pool of the WebSocket client: its limits, and that every lease gets a working connection. */
import { testBranch } from '@todo/local-neon/vitest';
import { sql } from 'drizzle-orm';
import { describe, expect, onTestFinished, test } from 'vitest';

import { type WebSocketOptions } from '../src/index.ts';
import { connectWebSocket, type WebSocketDatabase } from './fixture/app.ts';
import { query } from './query.ts';
import { tcpProxy } from './tcp-proxy.ts';

const { url } = await testBranch();

function connect(options?: WebSocketOptions, to: string = url): WebSocketDatabase {
  const db = connectWebSocket(to, options);
  onTestFinished(() => db.close());
  return db;
}

async function backendOf(db: Pick<WebSocketDatabase, 'execute'>): Promise<number> {
  const { rows } = await db.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
  return rows[0]!.pid;
}

/** The backends of this file's database, except the one of this query. */
async function backends(): Promise<number[]> {
  const rows = await query(
    url,
    `select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
  );
  return rows.map(({ pid }) => pid as number);
}

test('a new connection is used once, however short its lifetime is', async () => {
  const db = connect({ connectionLifetimeMs: 1e-6 });
  expect(await backendOf(db)).not.toBe(await backendOf(db));
});

test('by default, at most 15 connections are open and 5 stay open', async () => {
  const db = connect();
  const all = await Promise.all(Array.from({ length: 60 }, () => backendOf(db)));
  expect(new Set(all).size).toBe(15);
  await expect.poll(backends, { interval: 500 }).toHaveLength(5);
  await db.close();
  await expect.poll(backends).toEqual([]);
});

describe('when all connections are busy', () => {
  test('when all connections are busy, a request waits for one', async () => {
    const db = connect({ connectionsMax: 1 });
    let waiting: Promise<number> | undefined;
    const held = await db.transaction(async (tx) => {
      waiting = backendOf(db);
      return backendOf(tx);
    });
    expect(await waiting).toBe(held);
  });

  test('when all connections stay busy, the error says how many are busy, and the pool stays usable', async () => {
    const db = connect({ connectionsMax: 2, connectTimeoutMs: 2000, checkIdleAfterMs: Infinity });
    // Open the connections first: a login takes longer on a slow machine.
    await expect.poll(() => Promise.all([backendOf(db), backendOf(db)])).toHaveLength(2);
    const attempts = await db.transaction((_first) =>
      db.transaction((_second) => Promise.allSettled([backendOf(db), backendOf(db)])),
    );
    for (const attempt of attempts) {
      expect(attempt).toMatchObject({ reason: { kind: 'timeout', retryable: true } });
      expect((attempt as PromiseRejectedResult).reason.message).toMatch(
        /^No connection became free within 2000 ms: 2 of 2 are busy, and [01] more requests wait\./,
      );
    }
    expect(await backendOf(db)).toBeGreaterThan(0);
  });
});

test('the stats of a pool say how many connections are open, idle and busy, and how many requests wait', async () => {
  const db = connect({ connectionsMax: 2 });
  expect(db.stats()).toEqual({ open: 0, idle: 0, busy: 0, waiting: 0 });
  let waiting: Promise<unknown>[] = [];
  await db.transaction(() =>
    db.transaction(async () => {
      waiting = [backendOf(db), backendOf(db), backendOf(db)];
      await expect.poll(() => db.stats()).toEqual({ open: 2, idle: 0, busy: 2, waiting: 3 });
    }),
  );
  await Promise.all(waiting);
  expect(db.stats()).toEqual({ open: 2, idle: 2, busy: 0, waiting: 0 });
  expect(db.primary.stats()).toEqual(db.stats());
  await db.close();
  expect(db.stats()).toEqual({ open: 0, idle: 0, busy: 0, waiting: 0 });
});

test('the stats of a database with replicas include their connections, and those of one without a URL are zero', async () => {
  const db = connect({ replicas: [url] });
  await db.execute(sql`select 1`);
  await db.select().from(sql`generate_series(1, 2)`);
  expect(db.stats()).toEqual({ open: 2, idle: 2, busy: 0, waiting: 0 });
  expect(connect({}, '').stats()).toEqual({ open: 0, idle: 0, busy: 0, waiting: 0 });
});

test('a connection above its lifetime is replaced', async () => {
  const db = connect({ connectionsMax: 1, connectionLifetimeMs: 100 });
  const first = await backendOf(db);
  await expect.poll(() => backendOf(db)).not.toBe(first);
});

describe('a connection that was lost while it was idle', () => {
  test('an idle connection that the server closed is replaced, and a write succeeds without an error', async () => {
    const db = connect({ connectionsMax: 1 });
    const first = await backendOf(db);
    await query(url, `select pg_terminate_backend(${first}, 5000)`);
    await db.execute(sql`insert into account (email, secret) values ('healed@example.com', 'h')`);
    expect(await backendOf(db)).not.toBe(first);
  });

  test('a lost idle connection is replaced before a transaction, whose function runs once', async () => {
    const db = connect({ connectionsMax: 1 });
    const first = await backendOf(db);
    await query(url, `select pg_terminate_backend(${first}, 5000)`);
    let runs = 0;
    await db.transaction(async (tx) => {
      runs += 1;
      expect(await backendOf(tx)).not.toBe(first);
    });
    expect(runs).toBe(1);
  });

  test('an idle connection that was lost without a sign is found by the check, and replaced', async () => {
    await using proxy = await tcpProxy(url);
    const db = connect({ connectionsMax: 1, checkIdleAfterMs: 0 }, proxy.url);
    const first = await backendOf(db);
    proxy.freeze();
    await db.execute(sql`insert into account (email, secret) values ('checked@example.com', 'h')`);
    expect(await backendOf(db)).not.toBe(first);
  });

  test('without the check, a statement on an idle connection that was lost without a sign times out', async () => {
    await using proxy = await tcpProxy(url);
    const db = connect({ connectionsMax: 1, checkIdleAfterMs: Infinity, timeoutMs: 1000 }, proxy.url);
    await expect.poll(() => backendOf(db)).toBeGreaterThan(0);
    proxy.freeze();
    await expect(backendOf(db)).rejects.toMatchObject({ kind: 'timeout' });
    await expect.poll(() => backendOf(db)).toBeGreaterThan(0);
  });
});
