/** A transaction that leaves nothing, whatever is done in it. */
import type { WebSocketDatabase } from '@todo/client';

export type Transaction = Parameters<Parameters<WebSocketDatabase['transaction']>[0]>[0];

/** Gives what `work` gives, after everything that it wrote is undone. In a transaction: a savepoint of it. */
export async function rolledBack<T>(
  db: Pick<WebSocketDatabase, 'transaction'> | Pick<Transaction, 'transaction'>,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  try {
    return await db.transaction(async (tx): Promise<T> => {
      throw new Undo(await work(tx));
    });
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
    // The one that was thrown above, with what `work` gave.
    return error.result as T;
  }
}

/** Drizzle rolls a transaction back when its function throws. */
class Undo extends Error {
  readonly result: unknown;

  constructor(result: unknown) {
    super('undo');
    this.result = result;
  }
}
