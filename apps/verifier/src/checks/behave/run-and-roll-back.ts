/** Runs work in a transaction that is always rolled back. */
import type { WebSocketDatabase } from '@todo/client';

export type Transaction = Parameters<Parameters<WebSocketDatabase['transaction']>[0]>[0];

/** Runs `work` and rolls back, then returns its result. Within a transaction, uses a savepoint. */
export async function runAndRollBack<T>(
  db: Pick<WebSocketDatabase, 'transaction'> | Pick<Transaction, 'transaction'>,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  try {
    return await db.transaction(async (tx): Promise<T> => {
      throw new Undo(await work(tx));
    });
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
    // Thrown above, with the result of `work`.
    return error.result as T;
  }
}

/** Drizzle rolls a transaction back when its callback throws. */
class Undo extends Error {
  readonly result: unknown;

  constructor(result: unknown) {
    super('undo');
    this.result = result;
  }
}
