/**
 * Where timers are numbers (browsers, most edge runtimes), clients connect, keep their deadlines and close. The stress suite runs all tests
 * this way.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

import { testBranch } from '@todo/local-neon/vitest';
import { sql } from 'drizzle-orm';
import { afterAll, expect, onTestFinished, test } from 'vitest';

// Other test files share these globals.
const real = { setTimeout, setInterval };
afterAll(() => void Object.assign(globalThis, real));
// Import this before any module that could keep a reference to Node's timers.
await import('./numeric-timers.ts');
const { query } = await import('./query.ts');
const { connectHttp, connectWebSocket, withDatabase } = await import('./fixture/app.ts');
const { url } = await testBranch();
const one = sql`select 1 as one`;

test('timers are numbers in this file', () => {
  const timer = setTimeout(() => {}, 0);
  expect(timer).toBeTypeOf('number');
  clearTimeout(timer);
});

test('with numeric timers, clients run queries, replace an old connection, and close', async () => {
  expect((await connectHttp(url).execute(one)).rows).toEqual([{ one: 1 }]);
  const db = connectWebSocket(url, { connectionsMax: 1, connectionLifetimeMs: 1 });
  for (let round = 0; round < 3; round += 1) expect((await db.execute(one)).rows).toEqual([{ one: 1 }]);
  expect(await db.transaction(async (tx) => (await tx.execute(one)).rows)).toEqual([{ one: 1 }]);
  await db.close();
  expect(await withDatabase(url, async (own) => (await own.execute(one)).rows)).toEqual([{ one: 1 }]);
  await expect
    .poll(() =>
      query(url, `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`),
    )
    .toEqual([]);
});

test('with numeric timers, a server that never responds causes a timeout', async () => {
  const silent = createServer((socket) => onTestFinished(() => void socket.destroy())).listen(0, '127.0.0.1');
  onTestFinished(() => void silent.close());
  await once(silent, 'listening');
  const to = new URL(url);
  to.host = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const db = connectWebSocket(to.href, { connectTimeoutMs: 300 });
  await expect(db.execute(one)).rejects.toMatchObject({ kind: 'connection' });
  await db.close();
  await expect(connectHttp(to.href, { timeoutMs: 300 }).execute(one)).rejects.toMatchObject({ kind: 'timeout' });
});
