/** A transaction that is run again when PostgreSQL undid it for getting in another one's way. */
import { DatabaseError } from './errors/database-error.ts';
import { withLease } from './pool/lease.ts';
import { requireNumber } from './number-option.ts';
import { pause, pauseAfter } from './requests/back-off.ts';
import type { Schema } from './app-schema.ts';
import type { WebSocketDatabase } from './websocket.ts';

const ISOLATIONS = ['read committed', 'repeatable read', 'serializable'] as const;

export interface TransactionOptions {
  /** Default: as the database has it, which is `read committed` unless somebody changed it. */
  readonly isolation?: (typeof ISOLATIONS)[number];
  /** How often it may be run again. Default 5. */
  readonly retries?: number;
}

/** What the function of a transaction gets. */
export type Transaction<S extends Schema = Schema> = Parameters<Parameters<WebSocketDatabase<S>['transaction']>[0]>[0];

/**
 * Runs `work` in a transaction: committed when it resolves, rolled back when it rejects. After a serialization failure (40001) or a
 * deadlock (40P01) nothing of it is left, and it is run again from its beginning, after a pause that grows and varies. So `work`
 * must do nothing that cannot be done twice, send a letter say, and must let such an error out.
 * @throws {RangeError} for an option that is none; {DatabaseError} `serialization-failure` when the last attempt failed like the others; and what `work` throws.
 * @example
 * await transaction(db, async (tx) => { … }, { isolation: 'serializable' });
 */
export function transaction<S extends Schema, T>(
  db: Pick<WebSocketDatabase<S>, 'transaction'>,
  work: (tx: Transaction<S>) => Promise<T>,
  { isolation, retries = 5 }: TransactionOptions = {},
): Promise<T> {
  return withLease(db, async (own) => {
    requireNumber('retries', retries, 0);
    // Drizzle writes it into the statement as it is.
    if (isolation !== undefined && !ISOLATIONS.includes(isolation)) {
      throw new RangeError(`\`isolation\` is one of: ${ISOLATIONS.join(', ')}.`);
    }
    for (let failures = 0; ; failures += 1) {
      try {
        return await own.transaction(work, isolation && { isolationLevel: isolation });
      } catch (error) {
        const isUndone = error instanceof DatabaseError && error.kind === 'serialization-failure';
        if (!isUndone || failures >= retries) throw error;
        await pause(pauseAfter(failures));
      }
    }
  });
}
