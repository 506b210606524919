/** Shares one pool among all copies of a module: a dev server evaluates a module again at each edit and drops the previous copy. */
import type { Schema } from './app-schema.ts';
import type { ConnectionPool } from './pool/connection-pool.ts';
import { holderOf } from './pool/pool-holder.ts';
import type { WebSocketDatabase } from './websocket.ts';

/**
 * Returns the database of `connect`, on the pool that is already open for the same URL and settings. Everything else is new each time: the
 * tables after an edit of the schema, the logger. (`constraintErrors` belongs to the pool and stays.) If the URL or a setting has changed
 * since the last evaluation of the same line, the previous pool is closed.
 *
 * Processes share nothing. In production a module is evaluated once, so `shared` has no effect.
 * @example
 * export const db = shared(() => connectWebSocket(process.env.DATABASE_URL));
 */
export function shared<S extends Schema>(connect: () => WebSocketDatabase<S>): WebSocketDatabase<S> {
  const callSite = findCallSite();
  const db = typeof connect === 'function' ? connect() : undefined;
  const holder = holderOf(db);
  if (db === undefined || holder === undefined)
    throw new TypeError('Pass shared() a function that returns connectWebSocket(…).');
  const { poolKey } = holder;
  const { pools, poolKeys } = registry();
  // Nothing was opened yet, because a pool connects at its first query.
  holder.pools = pools.get(poolKey) ?? registerPools(poolKey, holder.pools);
  const previousKey = callSite === undefined ? undefined : poolKeys.get(callSite);
  if (callSite !== undefined) poolKeys.set(callSite, poolKey);
  if (previousKey !== undefined && ![...poolKeys.values()].includes(previousKey))
    closeInBackground(pools.get(previousKey) ?? []);
  return db;
}

interface Registry {
  /** The open pools by their `poolKey`. */
  readonly pools: Map<string, readonly ConnectionPool[]>;
  /** The current `poolKey` for each call of `shared`, by the file, line and column of the call. */
  readonly poolKeys: Map<string, string>;
}

const REGISTRY = Symbol.for('@todo/client shared');

/** The registry, which every copy of this module shares. */
function registry(): Registry {
  const global = globalThis as { [REGISTRY]?: Registry };
  // Not enumerable: the registry contains passwords.
  if (global[REGISTRY] === undefined) {
    Object.defineProperty(global, REGISTRY, { value: { pools: new Map(), poolKeys: new Map() } satisfies Registry });
  }
  // The property was defined above.
  return global[REGISTRY]!;
}

/** Registers pools for the next copy of the module. A pool that is closed is no longer registered. */
function registerPools(poolKey: string, opened: readonly ConnectionPool[]): readonly ConnectionPool[] {
  const { pools } = registry();
  const shareable = opened.map((pool) => ({
    ...pool,
    close: () => {
      if (pools.get(poolKey) === shareable) pools.delete(poolKey);
      return pool.close();
    },
  }));
  pools.set(poolKey, shareable);
  return shareable;
}

/** Closes pools after their running work, without waiting for the end. Ignores a failure, which does not affect the new pool. */
function closeInBackground(pools: readonly ConnectionPool[]): void {
  for (const pool of pools) void pool.close().catch(() => {});
}

/** The file, line and column of the call of `shared`, without a dev server's query string. Undefined when the stack does not show it. */
function findCallSite(): string | undefined {
  const frames = (new Error('for its stack').stack ?? '').split('\n').flatMap((line) => {
    const [, fileAndPosition] = /([^\s()@]+:\d+:\d+)\)?$/.exec(line) ?? [];
    return fileAndPosition === undefined ? [] : [fileAndPosition];
  });
  // The frames are this function, `shared`, and its caller.
  return frames[2]?.replace(/\?[^:]*/, '');
}
