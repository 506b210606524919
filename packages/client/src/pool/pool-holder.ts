/** The pools that a database uses now. Pools that an earlier copy of the module opened may replace them. */
import type { ConnectionPool } from './connection-pool.ts';

export interface PoolHolder {
  /** The URLs and settings as a text: databases with the same key may share pools. It contains passwords. */
  readonly poolKey: string;
  /** The primary's pool first, then the pool of each replica. */
  pools: readonly ConnectionPool[];
}

/** A pool for each of the holder's pools. It forwards every call to the current pool in that position. */
export function forwardingPools(holder: PoolHolder): ConnectionPool[] {
  return holder.pools.map((_, index) => {
    // A replacement has the same number of pools.
    const current = () => holder.pools[index]!;
    return {
      get url() {
        return current().url;
      },
      use: (work, ...retryHooks) => current().use(work, ...retryHooks),
      lease: (work) => current().lease(work),
      stats: () => current().stats(),
      close: () => current().close(),
    };
  });
}

// Registered by name: a dev server may load this package more than once.
const HOLDER = Symbol.for('@todo/client pools');

/** Stores the holder in its database. The property is not enumerable, so that printing a database does not print its password. */
export function rememberHolder<DB extends object>(db: DB, holder: PoolHolder): DB {
  return Object.defineProperty(db, HOLDER, { value: holder });
}

export function holderOf(db: unknown): PoolHolder | undefined {
  return (Object(db) as { readonly [HOLDER]?: PoolHolder })[HOLDER];
}
