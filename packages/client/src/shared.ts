/** One pool for all copies of a module: a dev server evaluates a module again at each edit, and forgets the copy before. */
import type { Schema } from './app-schema.ts';
import type { ConnectionPool } from './pool/connection-pool.ts';
import { holderOf } from './pool/pool-holder.ts';
import type { WebSocketDatabase } from './websocket.ts';

/**
 * The database that `connect` makes, on the pool that is open already for the same URL and settings. The rest of it is new each time:
 * the tables after an edit of the schema, a logger. (What a violated constraint means, `constraintErrors`, is the pool's and stays.)
 * When the URL or a setting has changed since the last evaluation of the same line, the pool from before is closed.
 *
 * Nothing is shared between processes. In production, where a module is evaluated once, it makes no difference.
 * @example
 * export const db = shared(() => connectWebSocket(process.env.DATABASE_URL));
 */
export function shared<S extends Schema>(connect: () => WebSocketDatabase<S>): WebSocketDatabase<S> {
  const place = placeOfCall();
  const db = typeof connect === 'function' ? connect() : undefined;
  const holder = holderOf(db);
  if (db === undefined || holder === undefined)
    throw new TypeError('shared() takes a function that returns what connectWebSocket() gives.');
  const { target } = holder;
  const { pools, targets } = registry();
  // Nothing was opened yet: a pool connects at its first query.
  holder.pools = pools.get(target) ?? registered(target, holder.pools);
  const before = place === undefined ? undefined : targets.get(place);
  if (place !== undefined) targets.set(place, target);
  if (before !== undefined && ![...targets.values()].includes(before)) closeUnheard(pools.get(before) ?? []);
  return db;
}

interface Registry {
  readonly pools: Map<string, readonly ConnectionPool[]>;
  /** By the place of the call: where its database was when it was made last. */
  readonly targets: Map<string, string>;
}

const REGISTRY = Symbol.for('@todo/client shared');

/** Outlives every copy of this module, too. */
function registry(): Registry {
  const all = globalThis as { [REGISTRY]?: Registry };
  // Not enumerable: it holds passwords.
  if (all[REGISTRY] === undefined) {
    Object.defineProperty(all, REGISTRY, { value: { pools: new Map(), targets: new Map() } satisfies Registry });
  }
  // Just defined.
  return all[REGISTRY]!;
}

/** With a `close` after which the next one opens its own. */
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

/** It waits for what is running; that it fails is of no concern to the new pool. */
function closeUnheard(pools: readonly ConnectionPool[]): void {
  for (const pool of pools) void pool.close().catch(() => {});
}

/** File, line and column, without the query by which a dev server tells the copies of a file apart. Undefined where stacks say less. */
function placeOfCall(): string | undefined {
  const frames = (new Error('for its stack').stack ?? '').split('\n').flatMap((line) => {
    const [, place] = /([^\s()@]+:\d+:\d+)\)?$/.exec(line) ?? [];
    return place === undefined ? [] : [place];
  });
  // This function, `shared`, its caller.
  return frames[2]?.replace(/\?[^:]*/, '');
}
