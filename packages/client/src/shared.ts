/** One pool for all copies of a module: a dev server evaluates a module again at each edit, and forgets the previous copy. */
import type { Schema } from './app-schema.ts';
import type { ConnectionPool } from './pool/connection-pool.ts';
import { holderOf } from './pool/pool-holder.ts';
import type { WebSocketDatabase } from './websocket.ts';

/**
 * Returns the database that `connect` makes, but on the open pool for the same URL and settings. Everything else is new each time: the
 * tables after an edit of the schema, the logger. (`constraintErrors` belongs to the pool and stays.) If the URL or a setting has changed
 * since the last evaluation of the same line, the previous pool is closed.
 *
 * Processes share nothing. In production a module is evaluated once, so `shared` has no effect.
 * @example
 * export const db = shared(() => connectWebSocket(process.env.DATABASE_URL));
 */
export function shared<S extends Schema>(connect: () => WebSocketDatabase<S>): WebSocketDatabase<S> {
  const place = placeOfCall();
  const db = typeof connect === 'function' ? connect() : undefined;
  const holder = holderOf(db);
  if (db === undefined || holder === undefined)
    throw new TypeError('shared() takes a function that returns the database of connectWebSocket().');
  const { target } = holder;
  const { pools, targets } = registry();
  // Nothing was opened yet, because a pool connects at its first query.
  holder.pools = pools.get(target) ?? registered(target, holder.pools);
  const before = place === undefined ? undefined : targets.get(place);
  if (place !== undefined) targets.set(place, target);
  if (before !== undefined && ![...targets.values()].includes(before)) closeUnheard(pools.get(before) ?? []);
  return db;
}

interface Registry {
  readonly pools: Map<string, readonly ConnectionPool[]>;
  /** The current target for each place of a call. */
  readonly targets: Map<string, string>;
}

const REGISTRY = Symbol.for('@todo/client shared');

/** The registry outlives every copy of this module. */
function registry(): Registry {
  const all = globalThis as { [REGISTRY]?: Registry };
  // Not enumerable: the registry contains passwords.
  if (all[REGISTRY] === undefined) {
    Object.defineProperty(all, REGISTRY, { value: { pools: new Map(), targets: new Map() } satisfies Registry });
  }
  // The property was defined above.
  return all[REGISTRY]!;
}

/** Wraps `close`, so that the next database opens pools of its own. */
function registered(target: string, opened: readonly ConnectionPool[]): readonly ConnectionPool[] {
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

/** Closes pools after their running work. The new pool ignores a failure. */
function closeUnheard(pools: readonly ConnectionPool[]): void {
  for (const pool of pools) void pool.close().catch(() => {});
}

/**
 * The file, line and column of the call, without the query string that a dev server adds for each copy of a file. Undefined when the stack
 * does not show it.
 */
function placeOfCall(): string | undefined {
  const frames = (new Error('for its stack').stack ?? '').split('\n').flatMap((line) => {
    const [, place] = /([^\s()@]+:\d+:\d+)\)?$/.exec(line) ?? [];
    return place === undefined ? [] : [place];
  });
  // The frames are this function, `shared`, and its caller.
  return frames[2]?.replace(/\?[^:]*/, '');
}
