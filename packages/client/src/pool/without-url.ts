/** Replaces the pool of a database that has no URL. */
import type { ConnectionPool } from './connection-pool.ts';

/** Rejects all work that needs a connection. Closing does nothing. */
export function poolWithoutUrl(reason: unknown): ConnectionPool {
  const refuse = async () => {
    throw reason;
  };
  return { use: refuse, lease: refuse, close: async () => {} };
}
