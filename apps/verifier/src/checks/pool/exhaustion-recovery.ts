import { once } from 'node:events';

import { type AppSchema, connectWebSocket, DatabaseError, type WebSocketDatabase } from '@todo/client';
import { sql } from 'drizzle-orm';

import { type Check, type Finding, verdict } from '../../check.ts';
import { describeError } from '../behave/refusal.ts';

/** The size of the pool: a small pool fills at once. */
const CONNECTIONS = 2;

export const exhaustionRecovery: Check = {
  id: 'pool/exhaustion-recovery',
  title: 'A full pool fails with a timeout, and a lost connection is replaced',
  method:
    'Sends a third query to a pool of two busy connections; then terminates an idle connection of another pool and queries it.',
  why: 'Without a timeout, requests wait forever. Without an `error` handler, the loss of an idle connection ends the process.',
  remedy: "In packages/client/src/pool, set `connectionTimeoutMillis` and handle errors: pool.on('error', …)",
  mode: 'commits',
  takesLong: true,
  run: async ({ database, clientUrl, websocket }) => {
    await using pool = connectWebSocket(database, clientUrl);
    const findings = await Promise.all([exhaustWithRetries(database, clientUrl), loseConnection(pool, websocket)]);
    return verdict(findings.flat());
  },
};

/** Timeouts for a connection. The first is enough on this machine; a busy or remote database needs a longer one. */
const CONNECT_TIMEOUTS_MS = [400, 2000, 10_000];

/** Exhausts a pool. Tries again with the next timeout if the pool could not be filled in time. */
async function exhaustWithRetries(
  database: AppSchema,
  url: string,
  [connectTimeoutMs = 0, ...longer] = CONNECT_TIMEOUTS_MS,
): Promise<Finding[]> {
  await using pool = connectWebSocket(database, url, { connectionsMax: CONNECTIONS, connectTimeoutMs });
  try {
    return await exhaustPool(pool);
  } catch (error) {
    if (longer.length === 0) throw error;
    return await exhaustWithRetries(database, url, longer);
  }
}

/** Takes both connections of a pool of two and sends a third query, which must time out. Throws if the pool does not give the two. */
export async function exhaustPool(pool: WebSocketDatabase): Promise<Finding[]> {
  const release = new AbortController();
  const holders = Array.from({ length: CONNECTIONS }, () => holdConnection(pool, release.signal));
  try {
    await Promise.all(holders.map(({ begun }) => begun));
    const error: unknown = await pool.execute(sql`select 1`).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (error instanceof DatabaseError && error.kind === 'timeout') return [];
    return [{ have: `a third query to the full pool: ${describeError(error)}`, want: 'an error of kind timeout' }];
  } finally {
    release.abort();
    await Promise.all(holders.map(({ ended }) => ended));
  }
}

/** Holds a connection with a transaction until `release`. `begun` resolves when the transaction has its connection. */
function holdConnection(
  pool: WebSocketDatabase,
  release: AbortSignal,
): { begun: Promise<unknown>; ended: Promise<void> } {
  const released = once(release, 'abort');
  const begin = new AbortController();
  const begun = once(begin.signal, 'abort');
  const ended = pool.transaction(async () => {
    begin.abort();
    await released;
  });
  // `begun` rejects when the transaction fails before it begins.
  return { begun: Promise.race([begun, ended]), ended };
}

/** Terminates the idle connection of a pool through another pool. A finding if the next query of the pool fails. */
export async function loseConnection(pool: WebSocketDatabase, other: WebSocketDatabase): Promise<Finding[]> {
  const readBackendId = async () =>
    (await pool.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)).rows[0]?.pid;
  const pid = await readBackendId();
  await other.execute(sql`select pg_terminate_backend(${pid}, 5000)`);
  const next = await readBackendId().catch(() => undefined);
  return next === undefined ? [{ have: 'an error at the first query after a lost connection', want: 'a result' }] : [];
}
