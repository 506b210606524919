/** The pools that a client uses. When a dev server loads the module again, `shared` puts the pools that are already open here. */
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

/** Attaches the holder to its client object. The property is not enumerable, so that printing the client does not print its password. */
export function rememberHolder<DB extends object>(db: DB, holder: PoolHolder): DB {
  return Object.defineProperty(db, HOLDER, { value: holder });
}

export function holderOf(db: unknown): PoolHolder | undefined {
  return (Object(db) as { readonly [HOLDER]?: PoolHolder })[HOLDER];
}
