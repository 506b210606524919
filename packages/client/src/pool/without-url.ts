/** In place of the pool of a database that has no URL. */
import type { ConnectionPool } from './connection-pool.ts';

/** Rejects whatever would need a connection; there is nothing to close. */
export function poolWithoutUrl(reason: unknown): ConnectionPool {
  const refuse = async () => {
    throw reason;
  };
  return { use: refuse, lease: refuse, close: async () => {} };
}
