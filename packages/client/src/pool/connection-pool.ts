/** A pool of WebSocket connections. It limits, checks and replaces connections, so that every lease gets a working one. */
import { Pool, type PoolClient } from '@neondatabase/serverless';

import { connectionFields } from '../connection-url.ts';
import { DatabaseError } from '../errors/database-error.ts';
import type { Translate } from '../errors/to-database-error.ts';
import { observe, type OnRetry } from '../requests/observer.ts';
import { withRetries } from '../requests/retry.ts';
import { clientClass } from '../websocket-client.ts';
import { createClosablePool } from './close-pool.ts';
import { trackConnections } from './connection-states.ts';
import { type Connection, createConnection } from './connection.ts';
import { exitWhenIdle } from './exit-when-idle.ts';
import type { PoolSettings } from './pool-settings.ts';
import type { PoolStats } from './pool-stats.ts';

/** Runs work on connections. */
export interface Connections {
  /** The URL of the database, with the password. Undefined for a client without a URL. */
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
  /** Runs `work` on the pool, which stays usable for it while it closes. @throws {DatabaseError} `connection` when it was closed before. */
  lease<T>(work: (connections: Connections) => Promise<T>): Promise<T>;
  stats(): PoolStats;
  /** Refuses new work, waits for running work, then for every connection to close. A second call is allowed. */
  close(): Promise<void>;
}

/** Idle time before a surplus connection closes: long enough for the next request of a burst. */
const IDLE_TIMEOUT_MS = 2000;

export function openPool(url: URL, settings: PoolSettings, translate: Translate): ConnectionPool {
  const pool = createDriverPool(url, settings);
  const states = trackConnections(pool, settings);
  const lifetime = createClosablePool(pool);
  const { connectTimeoutMs } = settings;

  const connect = async (): Promise<PoolClient> => {
    try {
      return await pool.connect();
    } catch (error) {
      // The driver's message when every connection stays busy. Another failure to connect is harmless (`true`): nothing was sent.
      const isBusy = error instanceof Error && error.message.startsWith('timeout exceeded');
      throw isBusy ? busyError(pool, settings) : (translate(error, true) ?? error);
    }
  };
  // Only a request that must wait is a `pool-wait`. The requests that wait already take idle connections first.
  const acquire = () => (pool.idleCount > pool.waitingCount ? connect() : observe('pool-wait', url, [], connect));
  /** Returns a connection that works. Closes each connection that does not work: the argument of `release` says whether to close. */
  const checkOut = async (): Promise<PoolClient> => {
    for (;;) {
      const client = await acquire();
      let isUsable = false;
      try {
        isUsable = await states.isUsable(client);
        if (isUsable) return client;
      } finally {
        if (!isUsable) client.release(true);
      }
    }
  };
  const lend = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
    const client = await checkOut();
    const connection = createConnection(client, translate, states.watchOf(client).beforeStatement);
    try {
      return await work(connection);
    } finally {
      client.release(connection.isBroken || !(await states.isReusable(client)));
    }
  };

  const connections: Connections = {
    url,
    use: (work, ...retryHooks) => withRetries(connectTimeoutMs, () => lend(work), ...retryHooks),
  };
  return {
    url,
    use: (work, ...retryHooks) => lifetime.run(() => connections.use(work, ...retryHooks)),
    lease: (work) => lifetime.run(() => work(connections)),
    stats() {
      const { totalCount: open, idleCount: idle, waitingCount: waiting } = pool;
      return { open, idle, busy: open - idle, waiting };
    },
    close: () => lifetime.close(),
  };
}

/** Creates the driver's own pool. */
function createDriverPool(url: URL, settings: PoolSettings): Pool {
  const { connectionsMax, connectionsKept, connectTimeoutMs, timeoutMs, wsProxy } = settings;
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
  return pool;
}

function busyError(pool: Pool, { connectTimeoutMs, connectionsMax }: PoolSettings): DatabaseError {
  const busy = pool.totalCount - pool.idleCount;
  const message =
    `No connection became free within ${connectTimeoutMs} ms: ${busy} of ${connectionsMax} are busy, and ${pool.waitingCount}` +
    ' more requests wait. End transactions sooner, or raise `connectionsMax`.';
  return new DatabaseError('timeout', message, { retryable: true });
}
