/** A pool of WebSocket connections. It limits, checks and replaces connections, so that every lease gets a working one. */
import { Pool, type PoolClient } from '@neondatabase/serverless';

import { connectionFields } from '../connection-url.ts';
import { DatabaseError } from '../errors/database-error.ts';
import type { Translate } from '../errors/to-database-error.ts';
import { observed, type OnRetry } from '../requests/observer.ts';
import { withRetries } from '../requests/retry.ts';
import { clientClass } from '../websocket-client.ts';
import { closable } from './close-pool.ts';
import { type Connection, useConnection } from './connection.ts';
import { exitWhenIdle } from './exit-when-idle.ts';
import type { PoolSettings } from './pool-settings.ts';
import type { PoolStats } from './pool-stats.ts';
import { type SessionWatch, watchSession } from './session-watch.ts';

/** Runs work on connections. */
export interface Connections {
  /** Where the connections lead, with the password. Undefined without a URL. */
  readonly url: URL | undefined;
  /**
   * Leases a working connection until `work` is done. Repeats `work` on another connection if the failed attempt did not run or only read.
   * @param onRetry Called before the pause of each retry.
   * @param mayRetry Whether `work` may still be repeated from its beginning.
   * @throws {DatabaseError} `connection` when the database cannot be reached or has been closed, `timeout` when all connections
   * stay busy.
   */
  use<T>(work: (connection: Connection) => Promise<T>, onRetry?: OnRetry, mayRetry?: () => boolean): Promise<T>;
}

export interface ConnectionPool extends Connections {
  /**
   * Runs `work` under a lease. The pool stays usable for `work` until it ends, even if the pool is closed meanwhile.
   * @throws {DatabaseError} `connection` when the pool was closed before.
   */
  lease<T>(work: (connections: Connections) => Promise<T>): Promise<T>;
  stats(): PoolStats;
  /** Refuses new work, waits for running work, then for every connection to close. A second call is allowed. */
  close(): Promise<void>;
}

/** Idle time before a surplus connection closes: long enough for the next request of a burst. */
const IDLE_TIMEOUT_MS = 2000;

/** Time limit for the check of an idle connection. A connection that exceeds it is replaced, which is harmless if it was only slow. */
const CHECK_TIMEOUT_MS = 2000;

export function openPool(url: URL, settings: PoolSettings, translate: Translate): ConnectionPool {
  const {
    connectionsMax,
    connectionsKept,
    connectTimeoutMs,
    connectionLifetimeMs,
    checkIdleAfterMs,
    timeoutMs,
    wsProxy,
  } = settings;
  const pool = new Pool({
    ...connectionFields(url),
    max: connectionsMax,
    min: Math.min(connectionsKept, connectionsMax),
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: timeoutMs,
  });
  pool.Client = clientClass(url, connectTimeoutMs, wsProxy);
  // An idle connection that drops has already left the pool. Without a listener, the `error` event would end the process.
  pool.on('error', () => {});
  exitWhenIdle(pool);
  const lifetime = closable(pool);
  const lastUsedAt = new WeakMap<PoolClient, number>();
  const opened = new WeakMap<PoolClient, Opened>();
  pool.on('connect', (client: PoolClient) => {
    opened.set(client, { at: performance.now(), watch: watchSession(client) });
  });

  // Compare time stamps: the pool's own `maxLifetimeSeconds` calls `unref()` on its timer, which is a number on runtimes other than Node.
  const isTooOld = (client: PoolClient): boolean =>
    connectionLifetimeMs > 0 && performance.now() - (opened.get(client)?.at ?? Infinity) > connectionLifetimeMs;

  const isUsable = async (client: PoolClient): Promise<boolean> => {
    const usedAt = lastUsedAt.get(client);
    // The connection was opened for this request. It works, however short its lifetime is.
    if (usedAt === undefined) return true;
    if (isTooOld(client)) return false;
    // An empty statement is the cheapest request that PostgreSQL answers.
    return performance.now() - usedAt < checkIdleAfterMs || (await inTime(client.query('')));
  };
  const connect = async (): Promise<PoolClient> => {
    try {
      return await pool.connect();
    } catch (error) {
      throw explain(error);
    }
  };
  // A request that finds an idle connection does not wait. The requests before it take theirs in the next task.
  const acquire = () => (pool.idleCount > pool.waitingCount ? connect() : observed('pool-wait', url, [], connect));
  const checkOut = async (): Promise<PoolClient> => {
    for (;;) {
      const client = await acquire();
      let isKept = false;
      try {
        isKept = await isUsable(client);
        if (isKept) return client;
      } finally {
        if (!isKept) client.release(true);
      }
    }
  };
  const explain = (error: unknown): unknown => {
    const isBusy = error instanceof Error && error.message.startsWith('timeout exceeded');
    if (!isBusy) return translate(error, true) ?? error;
    const busy = pool.totalCount - pool.idleCount;
    return new DatabaseError(
      'timeout',
      `No connection became free within ${connectTimeoutMs} ms: ${busy} of ${connectionsMax} are busy, and ${pool.waitingCount}` +
        ' more requests wait. End transactions sooner, or raise `connectionsMax`.',
      { retryable: true },
    );
  };

  const lend = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
    const client = await checkOut();
    // The pool reports each connection that it opens, so the entry exists.
    const { watch } = opened.get(client)!;
    const connection = useConnection(client, translate, watch.note);
    try {
      return await work(connection);
    } finally {
      const isReset = async () => watch.isFresh() || (await inTime(watch.reset()).catch(() => false));
      const isOfNoUse = connection.isBroken || isTooOld(client) || !(await isReset());
      lastUsedAt.set(client, performance.now());
      client.release(isOfNoUse);
    }
  };

  const connections: Connections = {
    url,
    use: (work, ...retries) => withRetries(connectTimeoutMs, () => lend(work), ...retries),
  };
  return {
    url,
    use: (work, ...retries) => lifetime.run(() => connections.use(work, ...retries)),
    lease: (work) => lifetime.run(() => work(connections)),
    stats() {
      const { totalCount: open, idleCount: idle, waitingCount: waiting } = pool;
      return { open, idle, busy: open - idle, waiting };
    },
    close: () => lifetime.close(),
  };
}

interface Opened {
  readonly at: number;
  readonly watch: SessionWatch;
}

/**
 * Whether `work` succeeds within `CHECK_TIMEOUT_MS`.
 * @throws {DatabaseError} which only a connection of another request has, before it is translated.
 */
async function inTime(work: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, CHECK_TIMEOUT_MS, false);
  });
  const done = work.then(
    () => true,
    (error: unknown) => {
      if (error instanceof DatabaseError) throw error;
      return false;
    },
  );
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}
