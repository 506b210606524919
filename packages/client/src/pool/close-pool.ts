/**
 * Closes a pool: refuses new work, and waits for running work. The driver's own `end()` forgets requests that wait for a free connection,
 * throws on a second call, and resolves before its sockets are closed.
 */
import type { Pool } from '@neondatabase/serverless';

import { DatabaseError } from '../errors/database-error.ts';

type Client = InstanceType<Pool['Client']>;

/** A time limit, because a server that has crashed never confirms that a WebSocket is closed. */
const CLOSE_TIMEOUT_MS = 5000;

export interface ClosablePool {
  /** Runs work, whose own time limits bound the time of `close`. @throws {DatabaseError} `connection` when the pool has been closed. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Waits for running work, then for every socket to close. A second call waits for the same. */
  close(): Promise<void>;
}

export function createClosablePool(pool: Pool): ClosablePool {
  let isClosed = false;
  let running = 0;
  let onIdle: () => void;
  const idle = new Promise<void>((resolve) => (onIdle = resolve));
  const end = createEnd(pool);

  const close = async () => {
    // Wait for the next task: a query that was called before `close` may start only at its `await`, later in the current task.
    await new Promise((resolve) => setTimeout(resolve));
    isClosed = true;
    if (running > 0) await idle;
    await end();
  };
  let closing: Promise<void> | undefined;
  return {
    async run(work) {
      if (isClosed) throw new DatabaseError('connection', 'This database is closed: open a new one.');
      running += 1;
      try {
        return await work();
      } finally {
        running -= 1;
        if (isClosed && running === 0) onIdle();
      }
    },
    close: () => (closing ??= close()),
  };
}

/** Returns a function that ends a pool without running work, and waits until its sockets are closed. */
function createEnd(pool: Pool): () => Promise<void> {
  const openClients = new Map<Client, Promise<void>>();
  pool.on('connect', (client: Client) => {
    const ended = new Promise<void>((resolve) => client.on('end', resolve));
    openClients.set(client, ended);
    void ended.then(() => openClients.delete(client));
  });
  return async () => {
    const forceTimer = setTimeout(() => {
      for (const client of openClients.keys()) client.neonConfig.destroy();
    }, CLOSE_TIMEOUT_MS);
    await pool.end();
    await Promise.all(openClients.values());
    clearTimeout(forceTimer);
  };
}
