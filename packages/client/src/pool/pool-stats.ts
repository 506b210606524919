/** The number of connections of a pool. */

/** `open` is `idle` and `busy` together. */
export interface PoolStats {
  readonly open: number;
  readonly idle: number;
  readonly busy: number;
  /** Requests that wait for a connection. */
  readonly waiting: number;
}

export const NO_CONNECTIONS: PoolStats = { open: 0, idle: 0, busy: 0, waiting: 0 };

/** The stats of several pools together. */
export function sumStats(pools: readonly PoolStats[]): PoolStats {
  const sum = (key: keyof PoolStats) => pools.reduce((total, stats) => total + stats[key], 0);
  return { open: sum('open'), idle: sum('idle'), busy: sum('busy'), waiting: sum('waiting') };
}
