/** Cases over WebSocket. */
import { connectHttp, connectWebSocket, type WebSocketDatabase, withDatabase } from '@todo/client';
import { eq, inArray, sql } from 'drizzle-orm';

import type { CaseContext } from './case.js';
import { expectEqual, expectRejection } from './expect.js';
import { app, newName, note } from './note.js';
import { cutWhileRunning, expectStoredRow, expectTypedErrors } from './over-both.js';

export function websocketQuery({ url }: CaseContext): Promise<void> {
  return withDatabase(app, url, expectStoredRow);
}

export function interactiveTransaction({ url }: CaseContext): Promise<void> {
  return withDatabase(app, url, async (db) => {
    const [committed, rolledBack] = [newName(), newName()];
    const id = await db.transaction(async (tx) => {
      const [created] = await tx.insert(note).values({ name: committed }).returning();
      expectEqual(await tx.$count(note, eq(note.name, committed)), 1);
      expectEqual(await db.$count(note, eq(note.name, committed)), 0);
      return created?.id;
    });
    const stop = new Error('stop');
    const thrown = await db
      .transaction(async (tx) => {
        await tx.insert(note).values({ name: rolledBack });
        throw stop;
      })
      .catch((error: unknown) => error);
    expectEqual(thrown === stop, true);
    const found = await db
      .select()
      .from(note)
      .where(inArray(note.name, [committed, rolledBack]));
    expectEqual(found, [{ id, name: committed }]);
  });
}

export function websocketTypedErrors({ url }: CaseContext): Promise<void> {
  return withDatabase(app, url, expectTypedErrors);
}

/** A server that cannot be reached, then a write, a transaction and a read whose connection is cut. Only the read is repeated. */
export async function websocketLostConnection({ relayUrl, closedUrl, cutUrl }: CaseContext): Promise<void> {
  await withDatabase(app, closedUrl, (db) => expectRejection(db.$count(note), ['connection']));
  await withDatabase(app, relayUrl, async (db) => {
    await db.execute(sql`select 1`);
    const write = db.execute(sql`insert into note (name) select ${newName()} from pg_sleep(10)`);
    await Promise.all([expectRejection(write, ['unknown-outcome']), cutWhileRunning(cutUrl)]);
    const inTransaction = db.transaction(async (tx) => {
      await tx.insert(note).values({ name: newName() });
      await cutWhileRunning(cutUrl);
      await tx.insert(note).values({ name: newName() });
    });
    await expectRejection(inTransaction, ['connection']);
    const read = db.execute(sql`select 1 as one from pg_sleep(0.4)`);
    const [{ rows }] = await Promise.all([read, cutWhileRunning(cutUrl)]);
    expectEqual(rows, [{ one: 1 }]);
  });
}

/** `close()` waits for the running query, refuses later ones, and ends all connections. */
export async function close({ url }: CaseContext): Promise<void> {
  const namedUrl = new URL(url);
  const name = newName();
  namedUrl.searchParams.set('application_name', name);
  const db = connectWebSocket(app, namedUrl.href);
  const countConnections = async () => {
    const { rows } = await connectHttp(app, url).execute<{ n: number }>(
      sql`select count(*)::int as n from pg_stat_activity where application_name = ${name}`,
    );
    return rows[0]?.n;
  };
  const threeAtOnce = [1, 2, 3].map(async () => await db.execute(sql`select pg_sleep(0.1)`));
  await Promise.all(threeAtOnce);
  expectEqual(await countConnections(), 3);
  const runningQuery = db.execute(sql`select 1 as one from pg_sleep(0.2)`).then(({ rows }) => rows);
  await db.close();
  expectEqual(await runningQuery, [{ one: 1 }]);
  await expectRejection(db.execute(sql`select 1`), ['connection']);
  // PostgreSQL's process for a connection ends a little later than the socket.
  for (let tries = 0; tries < 50 && (await countConnections()) !== 0; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expectEqual(await countConnections(), 0);
}

/** The client that every request to this server uses. */
let kept: WebSocketDatabase | undefined;

export async function websocketKeptClient({ url }: CaseContext): Promise<void> {
  kept ??= connectWebSocket(app, url);
  expectEqual((await kept.execute(sql`select 1 as one`)).rows, [{ one: 1 }]);
  expectEqual(await kept.transaction(async (tx) => (await tx.execute(sql`select 1 as one`)).rows), [{ one: 1 }]);
}
