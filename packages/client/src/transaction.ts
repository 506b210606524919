/** Runs a transaction, and retries it after PostgreSQL rolled it back because of a conflict with another transaction. */
import { DatabaseError } from './errors/database-error.ts';
import { withLease } from './pool/lease.ts';
import { requireNumber } from './number-option.ts';
import { pause, pauseAfter } from './requests/back-off.ts';
import { observer } from './requests/observer.ts';
import type { Schema } from './app-schema.ts';
import type { WebSocketDatabase } from './websocket.ts';

const ISOLATIONS = ['read committed', 'repeatable read', 'serializable'] as const;

export interface TransactionOptions {
  /** Default: the database's setting, which is `read committed` unless it was changed. */
  readonly isolation?: (typeof ISOLATIONS)[number];
  /** Maximum number of retries. Default 5. */
  readonly retries?: number;
}

/** The argument of a transaction's function. */
export type Transaction<S extends Schema = Schema> = Parameters<Parameters<WebSocketDatabase<S>['transaction']>[0]>[0];

/**
 * Runs `work` in a transaction: commits when `work` resolves, rolls back when it rejects. After a serialization_failure (40001) or a
 * deadlock_detected (40P01) the transaction had no effect, and `work` runs again after a random, growing pause. So `work` must have no side
 * effects that cannot be repeated (for example, sending an email), and must not catch these errors.
 * @throws {RangeError} for an invalid option; {DatabaseError} `serialization-failure` when all attempts failed; and any error of `work`.
 * @example
 * await transaction(db, async (tx) => { … }, { isolation: 'serializable' });
 */
export function transaction<S extends Schema, T>(
  db: Pick<WebSocketDatabase<S>, 'transaction'>,
  work: (tx: Transaction<S>) => Promise<T>,
  { isolation, retries = 5 }: TransactionOptions = {},
): Promise<T> {
  return withLease(db, async (leased) => {
    requireNumber('retries', retries, 0);
    // Drizzle inserts the isolation level into the SQL unchecked.
    if (isolation !== undefined && !ISOLATIONS.includes(isolation)) {
      throw new RangeError(`\`isolation\` must be one of: ${ISOLATIONS.join(', ')}.`);
    }
    for (let failures = 0; ; failures += 1) {
      try {
        return await leased.transaction(work, isolation && { isolationLevel: isolation });
      } catch (error) {
        const isUndone = error instanceof DatabaseError && error.kind === 'serialization-failure';
        if (!isUndone || failures >= retries) throw error;
        const pauseMs = pauseAfter(failures);
        observer()?.onRetry(error, pauseMs);
        await pause(pauseMs);
      }
    }
  });
}
