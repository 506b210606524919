/** The pool of a database that has no URL. */
import type { ConnectionPool } from './connection-pool.ts';
import { NO_CONNECTIONS } from './pool-stats.ts';

/** Creates a pool that rejects all work that needs a connection. Closing it does nothing. */
export function poolWithoutUrl(reason: unknown): ConnectionPool {
  const refuse = async () => {
    throw reason;
  };
  return {
    url: undefined,
    use: refuse,
    lease: refuse,
    stats: () => NO_CONNECTIONS,
    close: async () => {},
  };
}
