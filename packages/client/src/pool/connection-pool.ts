/** WebSocket connections that are kept, counted, checked and replaced, so that whoever asks for one gets one that works. */
import { Pool, type PoolClient } from '@neondatabase/serverless';

import { connectionFields } from '../connection-url.ts';
import type { Endpoint } from '../endpoint.ts';
import { DatabaseError } from '../errors/database-error.ts';
import type { Translate } from '../errors/to-database-error.ts';
import { requireNumber } from '../number-option.ts';
import { withRetries } from '../requests/retry.ts';
import { clientClass } from '../websocket-client.ts';
import { closable } from './close-pool.ts';
import { type Connection, useConnection } from './connection.ts';
import { exitWhenIdle } from './exit-when-idle.ts';
import { type SessionWatch, watchSession } from './session-watch.ts';

export interface PoolOptions {
  /** Open at once; who asks for one more waits. Default 15. */
  readonly connectionsMax?: number;
  /** Kept open when nobody uses them; those beyond close after 2 s. Default 5. */
  readonly connectionsKept?: number;
  /** How long to wait for a connection, be it a free or a new one, a waking compute included. Default 30 000. */
  readonly connectTimeoutMs?: number;
  /** A connection that is older is not handed out again, and closed when it is given back. 0 is no limit. Default 3 600 000. */
  readonly connectionLifetimeMs?: number;
  /** A connection that idled for so long is asked whether it still works before it is handed out. Default 1000. */
  readonly checkIdleAfterMs?: number;
  /** How long one statement may take once it has its connection. Default 30 000. */
  readonly timeoutMs?: number;
  /**
   * The address of Neon's WebSocket for a host that is neither this machine nor Neon's, `ws://local-neon:5454/v2` say. Without TLS
   * (`ws:`) what is sent can be read on the way, the password too. Default: what the connection string says.
   */
  readonly wsProxy?: Endpoint;
}

/** Runs work on connections. */
export interface Connections {
  /**
   * Lends a connection that works, until `work` is done; and another one after what certainly did not run, or only read.
   * @param mayRetry Whether `work` may still be done from its beginning.
   * @throws {DatabaseError} `connection` when the database cannot be reached or has been closed, `timeout` when all connections
   * stay busy.
   */
  use<T>(work: (connection: Connection) => Promise<T>, mayRetry?: () => boolean): Promise<T>;
}

export interface ConnectionPool extends Connections {
  /**
   * Runs `work`, for which the pool lends until its end, closed or not.
   * @throws {DatabaseError} `connection` when the pool had been closed before.
   */
  lease<T>(work: (connections: Connections) => Promise<T>): Promise<T>;
  /** Refuses newcomers, waits for what is running, then for every connection to be gone. Calling it again is fine. */
  close(): Promise<void>;
}

/** Long enough for the next request of a burst. */
const IDLE_TIMEOUT_MS = 2000;

/** How long a connection may take to show that it works. One that does not is replaced: no harm if it was merely slow. */
const CHECK_TIMEOUT_MS = 2000;

/**
 * The settings of a pool, with the default of each that is left out.
 * @throws {RangeError} for an option out of its range.
 */
export function poolSettings(options: PoolOptions): PoolSettings {
  const {
    connectionsMax = 15,
    connectionsKept = 5,
    connectTimeoutMs = 30_000,
    connectionLifetimeMs = 3_600_000,
    checkIdleAfterMs = 1000,
    timeoutMs = 30_000,
    wsProxy,
  } = options;
  requireNumber('connectionsMax', connectionsMax, 1);
  requireNumber('connectionsKept', connectionsKept, 0);
  requireNumber('connectTimeoutMs', connectTimeoutMs, 1);
  requireNumber('connectionLifetimeMs', connectionLifetimeMs, 0, Infinity);
  requireNumber('checkIdleAfterMs', checkIdleAfterMs, 0, Infinity);
  requireNumber('timeoutMs', timeoutMs, 1);
  return {
    connectionsMax,
    connectionsKept,
    connectTimeoutMs,
    connectionLifetimeMs,
    checkIdleAfterMs,
    timeoutMs,
    wsProxy,
  };
}

export interface PoolSettings extends Required<Omit<PoolOptions, 'wsProxy'>> {
  readonly wsProxy: PoolOptions['wsProxy'];
}

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
  // An idle connection that drops has left the pool already; unheard, the event would end the process.
  pool.on('error', () => {});
  exitWhenIdle(pool);
  const lifetime = closable(pool);
  const lastUsedAt = new WeakMap<PoolClient, number>();
  const opened = new WeakMap<PoolClient, Opened>();
  pool.on('connect', (client: PoolClient) => {
    opened.set(client, { at: performance.now(), watch: watchSession(client) });
  });

  // By time stamp: the pool's own `maxLifetimeSeconds` calls `unref()` on its timer, which is a number on runtimes other than Node.
  const isTooOld = (client: PoolClient): boolean =>
    connectionLifetimeMs > 0 && performance.now() - (opened.get(client)?.at ?? Infinity) > connectionLifetimeMs;

  const isUsable = async (client: PoolClient): Promise<boolean> => {
    const usedAt = lastUsedAt.get(client);
    // It was opened for this request, and works however short the lifetime is.
    if (usedAt === undefined) return true;
    if (isTooOld(client)) return false;
    // An empty statement is the least that PostgreSQL answers.
    return performance.now() - usedAt < checkIdleAfterMs || (await inTime(client.query('')));
  };
  const connect = async (): Promise<PoolClient> => {
    try {
      return await pool.connect();
    } catch (error) {
      throw explain(error);
    }
  };
  const checkOut = async (): Promise<PoolClient> => {
    for (;;) {
      const client = await connect();
      if (await isUsable(client)) return client;
      client.release(true);
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
    // The pool tells of each that it has opened.
    const { watch } = opened.get(client)!;
    const connection = useConnection(client, translate, watch.note);
    try {
      return await work(connection);
    } finally {
      const isOfNoUse = connection.isBroken || isTooOld(client) || !(watch.isFresh() || (await inTime(watch.reset())));
      lastUsedAt.set(client, performance.now());
      client.release(isOfNoUse);
    }
  };

  const connections: Connections = {
    use: (work, mayRetry) => withRetries(connectTimeoutMs, () => lend(work), mayRetry),
  };
  return {
    use: (work, mayRetry) => lifetime.run(() => connections.use(work, mayRetry)),
    lease: (work) => lifetime.run(() => work(connections)),
    close: () => lifetime.close(),
  };
}

interface Opened {
  readonly at: number;
  readonly watch: SessionWatch;
}

/** Whether it succeeds while the connection may still be waited for. */
async function inTime(work: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, CHECK_TIMEOUT_MS, false);
  });
  const done = work.then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}
