/** The pools that a database uses at the moment. Others may come in their place: those that an earlier copy of its module opened. */
import type { ConnectionPool } from './connection-pool.ts';

export interface PoolHolder {
  /** URLs and settings: databases with the same target may use the same pools. It holds passwords. */
  readonly target: string;
  /** Of the primary, then of each replica. */
  pools: readonly ConnectionPool[];
}

/** A pool for each of the holder's, which hands on to the one that is in that place by then. */
export function heldPools(holder: PoolHolder): ConnectionPool[] {
  return holder.pools.map((_, index) => {
    // As many come as go.
    const current = () => holder.pools[index]!;
    return {
      use: (work, mayRetry) => current().use(work, mayRetry),
      lease: (work) => current().lease(work),
      close: () => current().close(),
    };
  });
}

// By name: a dev server may load this package more than once.
const HOLDER = Symbol.for('@todo/client pools');

/** Not enumerable: whoever prints a database must not print its password. */
export function rememberHolder<DB extends object>(db: DB, holder: PoolHolder): DB {
  return Object.defineProperty(db, HOLDER, { value: holder });
}

export function holderOf(db: unknown): PoolHolder | undefined {
  return (Object(db) as { readonly [HOLDER]?: PoolHolder })[HOLDER];
}
