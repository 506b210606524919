import { once } from 'node:events';

import { type AppSchema, connectWebSocket, DatabaseError, type WebSocketDatabase } from '@todo/client';
import { sql } from 'drizzle-orm';

import { type Check, type Finding, verdict } from '../../check.ts';

/** Few, so that it is full at once. */
const CONNECTIONS = 2;

export const exhaustionRecovery: Check = {
  id: 'pool/exhaustion-recovery',
  title: 'A full pool says so in time, and a connection that dies is replaced',
  method:
    'A pool of two connections, both in use, and a third query; then the server ends an idle connection of another.',
  why: 'Requests hang without end, or the process dies of a connection that nobody used.',
  remedy: "In packages/client/src/pool, give the pool a `connectionTimeoutMillis`, and listen: pool.on('error', …)",
  severity: 'error',
  mode: 'commits',
  needs: ['connect/websocket'],
  takesLong: true,
  run: async ({ database, clientUrl, websocket }) => {
    await using healing = connectWebSocket(database, clientUrl);
    const findings = await Promise.all([exhaustOne(database, clientUrl), loseConnection(healing, websocket)]);
    return verdict(findings.flat());
  },
};

/** How long a query waits for a connection. The first is enough on this machine; one that is busy, or far, needs the next. */
const PATIENCE_MS = [400, 2000, 10_000];

/** With no more patience than it takes to fill the pool there. */
async function exhaustOne(
  database: AppSchema,
  url: string,
  [connectTimeoutMs = 0, ...longer] = PATIENCE_MS,
): Promise<Finding[]> {
  await using pool = connectWebSocket(database, url, { connectionsMax: CONNECTIONS, connectTimeoutMs });
  try {
    return await exhaust(pool);
  } catch (error) {
    if (longer.length === 0) throw error;
    return await exhaustOne(database, url, longer);
  }
}

/** Takes all connections of a pool of two, and asks for a third. Throws when the pool gives not even those. */
export async function exhaust(pool: WebSocketDatabase): Promise<Finding[]> {
  const release = new AbortController();
  const holders = Array.from({ length: CONNECTIONS }, () => hold(pool, release.signal));
  try {
    await Promise.all(holders.map(({ begun }) => begun));
    const error: unknown = await pool.execute(sql`select 1`).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error instanceof DatabaseError && error.kind === 'timeout') return [];
    return [{ have: error === undefined ? 'a third connection' : 'another error', want: 'a typed timeout' }];
  } finally {
    release.abort();
    await Promise.all(holders.map(({ ended }) => ended));
  }
}

/** `begun` once the transaction has its connection. */
function hold(pool: WebSocketDatabase, release: AbortSignal): { begun: Promise<unknown>; ended: Promise<void> } {
  const released = once(release, 'abort');
  const begin = new AbortController();
  const begun = once(begin.signal, 'abort');
  const ended = pool.transaction(async () => {
    begin.abort();
    await released;
  });
  // One that never begins is the finding of whoever waits for both.
  return { begun: Promise.race([begun, ended]), ended };
}

/** Ends the connection of a pool that nobody uses, through another. */
export async function loseConnection(pool: WebSocketDatabase, other: WebSocketDatabase): Promise<Finding[]> {
  const ask = async () => (await pool.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)).rows[0]?.pid;
  const pid = await ask();
  await other.execute(sql`select pg_terminate_backend(${pid}, 5000)`);
  const next = await ask().catch(() => undefined);
  return next === undefined ? [{ have: 'an error at the first query after a connection died', want: 'an answer' }] : [];
}
