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
  const place = callSite();
  const db = typeof connect === 'function' ? connect() : undefined;
  const holder = holderOf(db);
  if (db === undefined || holder === undefined)
    throw new TypeError('Pass shared() a function that returns connectWebSocket(…).');
  const { target } = holder;
  const { pools, targets } = registry();
  // Nothing was opened yet, because a pool connects at its first query.
  holder.pools = pools.get(target) ?? registerPools(target, holder.pools);
  const previousTarget = place === undefined ? undefined : targets.get(place);
  if (place !== undefined) targets.set(place, target);
  if (previousTarget !== undefined && ![...targets.values()].includes(previousTarget))
    closeInBackground(pools.get(previousTarget) ?? []);
  return db;
}

interface Registry {
  readonly pools: Map<string, readonly ConnectionPool[]>;
  /** The current target for each place of a call. */
  readonly targets: Map<string, string>;
}

const REGISTRY = Symbol.for('@todo/client shared');

/** The registry, which every copy of this module shares. */
function registry(): Registry {
  const all = globalThis as { [REGISTRY]?: Registry };
  // Not enumerable: the registry contains passwords.
  if (all[REGISTRY] === undefined) {
    Object.defineProperty(all, REGISTRY, { value: { pools: new Map(), targets: new Map() } satisfies Registry });
  }
  // The property was defined above.
  return all[REGISTRY]!;
}

/** Registers pools for the next copy of the module. A pool that is closed is no longer registered. */
function registerPools(target: string, opened: readonly ConnectionPool[]): readonly ConnectionPool[] {
  const { pools } = registry();
  const shareable = opened.map((pool) => ({
    ...pool,
    close: () => {
      if (pools.get(target) === shareable) pools.delete(target);
      return pool.close();
    },
  }));
  pools.set(target, shareable);
  return shareable;
}

/** Closes pools after their running work, without waiting for the end. Ignores a failure, which does not affect the new pool. */
function closeInBackground(pools: readonly ConnectionPool[]): void {
  for (const pool of pools) void pool.close().catch(() => {});
}

/**
 * The file, line and column of the call, without the query string that a dev server adds for each copy of a file. Undefined when the stack
 * does not show it.
 */
function callSite(): string | undefined {
  const frames = (new Error('for its stack').stack ?? '').split('\n').flatMap((line) => {
    const [, place] = /([^\s()@]+:\d+:\d+)\)?$/.exec(line) ?? [];
    return place === undefined ? [] : [place];
  });
  // The frames are this function, `shared`, and its caller.
  return frames[2]?.replace(/\?[^:]*/, '');
}
