/** Sets the timeouts of a migration's statements, and retries after a lock timeout. */
import { setTimeout as delay } from 'node:timers/promises';

import type { Session } from '@todo/client/session';
import type { MigrateEvent } from './migrate-event.ts';
import { MigrationError } from './migration-error.ts';
import { sqlStateOf } from './statement-failure.ts';

export interface Limits {
  readonly tableLockTimeoutMs: number;
  /** The maximal number of attempts to get a lock. */
  readonly tableLockAttempts: number;
  /** Default: the setting of the server or the role. 0 is no limit. */
  readonly statementTimeoutMs?: number;
}

export type Retry = (work: () => Promise<void>) => Promise<void>;

/** Resets settings that an earlier file has changed, and sets the limits. */
export async function setLimits(session: Session, limits: Limits): Promise<void> {
  const { tableLockTimeoutMs, statementTimeoutMs } = limits;
  await session.query('reset all; reset session authorization');
  await session.query(
    `select set_config('lock_timeout', $1, false),
       set_config('statement_timeout', coalesce($2, current_setting('statement_timeout')), false)`,
    [String(tableLockTimeoutMs), statementTimeoutMs === undefined ? null : String(statementTimeoutMs)],
  );
}

/** Reads the limits in effect, as an event: the server or the role may have set one. */
export async function readLimits(session: Session): Promise<MigrateEvent & { kind: 'limits' }> {
  const { rows } = await session.query(
    `select name, setting::float8 as setting from pg_settings where name in ('lock_timeout', 'statement_timeout')`,
  );
  const settings = new Map(rows.map(({ name, setting }) => [name, Number(setting)]));
  return {
    kind: 'limits',
    lockTimeoutMs: settings.get('lock_timeout') ?? 0,
    statementTimeoutMs: settings.get('statement_timeout') ?? 0,
  };
}

const PAUSE_MAX_MS = 10_000;

/**
 * Returns a function that runs `work`, and repeats it if a lock was not granted in time (`lock_not_available`, 55P03) or after a deadlock
 * (`deadlock_detected`, 40P01). The first pause is as long as the lock timeout, during which other sessions had to wait; each later pause
 * is twice as long as the one before, and 10 s at most.
 */
export function retryOnLockFailure(
  name: string,
  limits: Limits | undefined,
  onProgress: (event: MigrateEvent) => void,
): Retry {
  const { tableLockTimeoutMs = 0, tableLockAttempts = 1 } = limits ?? {};
  return async (work) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        if (attempt >= tableLockAttempts || !isLockFailure(error)) throw error;
        const pauseMs = Math.min(tableLockTimeoutMs * 2 ** (attempt - 1), PAUSE_MAX_MS);
        onProgress({ kind: 'retrying', name, attempt, attempts: tableLockAttempts, pauseMs });
        await delay(pauseMs);
      }
    }
  };
}

function isLockFailure(error: unknown): boolean {
  return error instanceof MigrationError && ['55P03', '40P01'].includes(sqlStateOf(error.cause) ?? '');
}

const CONCURRENT_LOCK_TIMEOUT_MS = 600_000;

/**
 * Runs a statement with CONCURRENTLY, with a lock timeout of ten minutes: such a statement waits for every older transaction to end, and
 * blocks no reader or writer meanwhile.
 */
export async function withLongLockTimeout<T>(session: Session, work: () => Promise<T>): Promise<T> {
  const { rows } = await session.query(`select current_setting('lock_timeout') as before`);
  const set = (value: string) => session.query(`select set_config('lock_timeout', $1, false)`, [value]);
  await set(String(CONCURRENT_LOCK_TIMEOUT_MS));
  try {
    return await work();
  } finally {
    // This fails only if the session is closed.
    await set(String(rows[0]?.['before'])).catch(() => {});
  }
}
