/** Drizzle over Neon's WebSocket: sessions and interactive transactions, on a pool that must be closed. */
import { Pool, type PoolClient } from '@neondatabase/serverless';
import type { Logger } from 'drizzle-orm';
import { drizzle, type NeonDatabase } from 'drizzle-orm/neon-serverless';

import { connectionFields, parseConnectionUrl } from './connection-url.ts';
import * as schema from './schema/index.ts';
import { clientClass } from './websocket-client.ts';

export interface WebSocketOptions {
  /** `true` prints each query with its parameters. Default: none. */
  readonly logger?: boolean | Logger;
  /** Connections open at once; further queries wait for a free one. Default 10. */
  readonly connectionsMax?: number;
  /** How long to wait for a free connection, or for a new one to open. Default 10 000. */
  readonly connectTimeoutMs?: number;
}

export type WebSocketDatabase = NeonDatabase<typeof schema> &
  AsyncDisposable & {
    /** Waits for running queries, then for every connection to be gone. Calling it again is fine. */
    close(): Promise<void>;
  };

/**
 * A database over WebSocket. It connects at the first query, and a connection that drops is replaced at the next one.
 * @throws {DatabaseUrlError} when the connection string is missing or wrong.
 * @example
 * await using db = connectWebSocket(process.env.DATABASE_URL);
 * await db.transaction(async (tx) => {
 *   const [owner] = await tx.select().from(user).where(eq(user.email, email)).for("update");
 *   …
 * });
 */
export function connectWebSocket(url: string | undefined, options: WebSocketOptions = {}): WebSocketDatabase {
  const { logger = false, connectionsMax = 10, connectTimeoutMs = 10_000 } = options;
  const parsed = parseConnectionUrl(url);
  const pool = new Pool({
    ...connectionFields(parsed),
    max: connectionsMax,
    connectionTimeoutMillis: connectTimeoutMs,
  });
  pool.Client = clientClass(parsed, connectTimeoutMs);
  // An idle connection that drops has left the pool already; unheard, the event would end the process.
  pool.on('error', () => {});

  const close = closeOnce(pool);
  const transaction: NeonDatabase<typeof schema>['transaction'] = (work, config) =>
    onOneClient(pool, (client) => drizzle(client, { schema, logger }).transaction(work, config));
  return Object.assign(drizzle(pool, { schema, logger }), { transaction, close, [Symbol.asyncDispose]: close });
}

/** Drizzle's own way takes a connection and sends BEGIN before it sees to giving it back: one that fails there is lost. */
async function onOneClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}

/** The driver's `end()` refuses a second call, and answers before its sockets are closed. */
function closeOnce(pool: Pool): () => Promise<void> {
  const open = new Set<Promise<void>>();
  pool.on('connect', (client: InstanceType<Pool['Client']>) => {
    const ended = new Promise<void>((resolve) => client.on('end', resolve));
    open.add(ended);
    void ended.then(() => open.delete(ended));
  });
  let closing: Promise<unknown> | undefined;
  return async () => {
    closing ??= pool.end().then(() => Promise.all(open));
    await closing;
  };
}
