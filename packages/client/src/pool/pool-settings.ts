/** The options of a pool, with the default and the range of each number. */
import type { Endpoint } from '../endpoint.ts';
import { requireNumber } from '../number-option.ts';

export interface PoolOptions {
  /** Maximum number of open connections; further requests wait. Default 15. */
  readonly connectionsMax?: number;
  /** Idle connections to keep open. Idle connections above this number close after 2 s. Default 5. */
  readonly connectionsKept?: number;
  /** Time limit for getting a connection, free or new, including the start of a suspended compute. Default 30 000. */
  readonly connectTimeoutMs?: number;
  /** Maximum age of a connection: an older one closes when it is returned to the pool. 0: no limit. Default 3 600 000. */
  readonly connectionLifetimeMs?: number;
  /** A connection that was idle for this long is checked before it is used again. Default 1000. */
  readonly checkIdleAfterMs?: number;
  /** Time limit for one statement, counted from when it has its connection. Default 30 000. */
  readonly timeoutMs?: number;
  /**
   * The address of Neon's WebSocket for a host that is neither this machine nor Neon's, for example `ws://local-neon:5454/v2`. Without TLS
   * (`ws:`) others on the network can read all data, including the password. Default: the address from the connection string.
   */
  readonly wsProxy?: Endpoint;
}

type NumberOption = Exclude<keyof PoolOptions, 'wsProxy'>;

const NUMBERS: Readonly<
  Record<NumberOption, { readonly byDefault: number; readonly min: number; readonly max?: number }>
> = {
  connectionsMax: { byDefault: 15, min: 1 },
  connectionsKept: { byDefault: 5, min: 0 },
  connectTimeoutMs: { byDefault: 30_000, min: 1 },
  connectionLifetimeMs: { byDefault: 3_600_000, min: 0, max: Infinity },
  checkIdleAfterMs: { byDefault: 1000, min: 0, max: Infinity },
  timeoutMs: { byDefault: 30_000, min: 1 },
};

export type PoolSettings = Required<Pick<PoolOptions, NumberOption>> & Pick<PoolOptions, 'wsProxy'>;

/** The settings of a pool, with the default for each missing option. @throws {RangeError} for an option out of its range. */
export function poolSettings({ wsProxy, ...options }: PoolOptions): PoolSettings {
  const entries = Object.entries(NUMBERS).map(([name, { byDefault, min, max }]) => {
    // Each name is an option.
    const { [name as NumberOption]: value = byDefault } = options;
    requireNumber(name, value, min, max);
    return [name, value] as const;
  });
  // The keys are those of the table.
  const numbers = Object.fromEntries(entries) as Record<NumberOption, number>;
  return { ...numbers, ...(wsProxy !== undefined && { wsProxy }) };
}
