/** A connection of the pool is reset before the next lease. */
import { neonConfig } from '@neondatabase/serverless';
import { testBranch } from '@todo/local-neon/vitest';
import { sql } from 'drizzle-orm';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';

import type { WebSocketOptions } from '../src/index.ts';
import { accountById, connectWebSocket, type WebSocketDatabase } from './fixture/app.ts';
import { account } from './fixture/schema.ts';
import { query } from './query.ts';

const { url } = await testBranch();

/** A database with a single connection, which every query uses. */
function connect(options?: WebSocketOptions, to: string = url): WebSocketDatabase {
  const db = connectWebSocket(to, { connectionsMax: 1, checkIdleAfterMs: Infinity, ...options });
  onTestFinished(() => db.close());
  return db;
}

async function one(db: Pick<WebSocketDatabase, 'execute'>, expression: string): Promise<unknown> {
  const { rows } = await db.execute<{ value: unknown }>(sql.raw(`select (${expression})::text as value`));
  return rows[0]?.value;
}

const backend = 'pg_backend_pid()';

await query(url, 'create role left_behind', 'grant left_behind to current_user');
afterAll(() => query(url, 'drop role left_behind'));

test('a transaction that was begun as SQL text ends with its statement, and later writes are committed', async () => {
  const db = connect();
  const pid = await one(db, backend);
  await db.execute(sql`begin`);
  await db.insert(account).values({ email: 'kept@example.com', secret: 'h' });
  await db.close();
  expect(pid).toBeDefined();
  expect(await query(url, `select from account where email = 'kept@example.com'`)).toHaveLength(1);
});

test.each([
  ['an error in it', `begin; insert into account (email, secret) values ('undone@example.com', 'h'); select 1 / 0`],
  ['no end', `begin; insert into account (email, secret) values ('undone@example.com', 'h')`],
])('a transaction in SQL text with %s is rolled back, and its connection is reused', async (_, text) => {
  const db = connect();
  const pid = await one(db, backend);
  await db.execute(sql.raw(text)).catch(() => {});
  expect(await one(db, `select count(*) from account where email = 'undone@example.com'`)).toBe('0');
  expect(await one(db, backend)).toBe(pid);
});

test.each([
  ['set', `set search_path = pg_catalog`, `current_setting('search_path')`],
  ['set, after another statement', `select 1; set search_path = pg_catalog`, `current_setting('search_path')`],
  ['set role', `set role left_behind`, 'current_user'],
  ['set_config', `select set_config('search_path', 'pg_catalog', false)`, `current_setting('search_path')`],
  [
    'a setting of the application',
    `select set_config('app.user', 'ada', false)`,
    `coalesce(current_setting('app.user', true), '')`,
  ],
  [
    'a lock',
    'select pg_advisory_lock(4711)',
    `select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()`,
  ],
  ['a temporary table', 'create temp table left_behind (id int)', `to_regclass('left_behind')`],
  ['a LISTEN', 'listen left_behind', 'select count(*) from pg_listening_channels()'],
  [
    'a prepared statement',
    'prepare left_behind as select 1',
    `select count(*) from pg_prepared_statements where name = 'left_behind'`,
  ],
  ['a cursor', 'declare left_behind cursor with hold for select 1', 'select count(*) from pg_cursors'],
])('%s does not survive the reset of a connection', async (_, statement, expression) => {
  const db = connect();
  const [before, pid] = [await one(db, expression), await one(db, backend)];
  await db.execute(sql.raw(statement));
  expect(await one(db, expression)).toBe(before);
  await db.transaction((tx) => tx.execute(sql.raw(statement)));
  expect(await one(db, expression)).toBe(before);
  expect(await one(db, backend)).toBe(pid);
});

test('settings from the connection string survive a reset, and prepared statements are prepared again', async () => {
  const to = new URL(url);
  to.searchParams.set('options', '-c search_path=pg_catalog,public');
  const db = connect({}, to.href);
  expect(await accountById(db, -1)).toBeUndefined();
  await db.execute(sql`set search_path = public`);
  expect(await one(db, `current_setting('search_path')`)).toBe('pg_catalog,public');
  expect(await accountById(db, -1)).toBeUndefined();
});

test('a connection that is lost before its reset is replaced', async () => {
  const db = connect();
  const pid = await one(db, backend);
  await db.execute(sql.raw(`begin; select pg_terminate_backend(${String(pid)}, 0)`)).catch(() => {});
  expect(await one(db, backend)).not.toBe(pid);
});

test('nothing is sent for a reset when the session is clean', async () => {
  const frames: string[] = [];
  neonConfig.webSocketConstructor = class extends WebSocket {
    override send(data: Uint8Array): void {
      frames.push(Buffer.from(data).toString('latin1'));
      super.send(data);
    }
  };
  onTestFinished(() => {
    neonConfig.webSocketConstructor = undefined;
  });
  const db = connect();
  await db.execute(sql`select 1`);
  frames.length = 0;
  await db.execute(sql`select 1`);
  await db.execute(sql`select 1 / 0`).catch(() => {});
  await db.insert(account).values({ email: 'frames@example.com', secret: 'h' });
  expect(frames).toHaveLength(3);
  frames.length = 0;
  await db.transaction(
    async (tx) => {
      await tx.execute(sql`set local statement_timeout = 1000`);
      await tx.execute(sql`select set_config('app.user', ${'ada'}, true), pg_advisory_xact_lock(1)`);
    },
    { isolationLevel: 'serializable' },
  );
  // BEGIN, two statements, COMMIT.
  expect(frames).toHaveLength(4);
});
