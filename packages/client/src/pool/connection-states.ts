/** Tracks the connections of a pool: when each was opened and last used, and the state of its session. */
import type { Pool, PoolClient } from '@neondatabase/serverless';

import { DatabaseError } from '../errors/database-error.ts';
import type { PoolSettings } from './pool-settings.ts';
import { type SessionWatch, watchSession } from './session-watch.ts';

/** Time limit for the check of an idle connection. A connection that exceeds it is replaced, which is harmless if it was only slow. */
const CHECK_TIMEOUT_MS = 2000;

export interface ConnectionStates {
  watchOf(client: PoolClient): SessionWatch;
  /** Whether the connection works. */
  isUsable(client: PoolClient): Promise<boolean>;
  /** Whether the next request may use the connection. Restores the initial state of its session. */
  isReusable(client: PoolClient): Promise<boolean>;
}

interface State {
  readonly watch: SessionWatch;
  readonly openedAt: number;
  lastUsedAt: number | undefined;
}

export function trackConnections(
  pool: Pool,
  { connectionLifetimeMs, checkIdleAfterMs }: Pick<PoolSettings, 'connectionLifetimeMs' | 'checkIdleAfterMs'>,
): ConnectionStates {
  const states = new WeakMap<PoolClient, State>();
  pool.on('connect', (client: PoolClient) => {
    states.set(client, { watch: watchSession(client), openedAt: performance.now(), lastUsedAt: undefined });
  });
  // The pool reports each connection that it opens, so the entry exists.
  const stateOf = (client: PoolClient) => states.get(client)!;
  // Compare time stamps: the pool's own `maxLifetimeSeconds` calls `unref()` on its timer, which is a number on runtimes other than Node.
  const isTooOld = ({ openedAt }: State) =>
    connectionLifetimeMs > 0 && performance.now() - openedAt > connectionLifetimeMs;

  return {
    watchOf: (client) => stateOf(client).watch,
    async isUsable(client) {
      const state = stateOf(client);
      // The connection was opened for this request. It works, however short its lifetime is.
      if (state.lastUsedAt === undefined) return true;
      if (isTooOld(state)) return false;
      // An empty statement is the cheapest request.
      return performance.now() - state.lastUsedAt < checkIdleAfterMs || (await succeedsInTime(client.query('')));
    },
    async isReusable(client) {
      const state = stateOf(client);
      if (isTooOld(state)) return false;
      if (!state.watch.isFresh() && !(await succeedsInTime(state.watch.reset()).catch(() => false))) return false;
      state.lastUsedAt = performance.now();
      return true;
    },
  };
}

/**
 * Whether `work` succeeds within `CHECK_TIMEOUT_MS`.
 * @throws {DatabaseError} when the connection belongs to another request. Every other error is not translated yet, and counts as a failure.
 */
async function succeedsInTime(work: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, CHECK_TIMEOUT_MS, false);
  });
  const outcome = work.then(
    () => true,
    (error: unknown) => {
      if (error instanceof DatabaseError) throw error;
      return false;
    },
  );
  try {
    return await Promise.race([outcome, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
