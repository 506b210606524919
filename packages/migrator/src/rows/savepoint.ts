/** Runs work that may fail inside a transaction. */
import type { Session } from '@todo/client/session';

/** Rolls back to a savepoint if the work fails, so that the transaction can continue. */
export async function inSavepoint<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.query('savepoint row_maker');
  try {
    const result = await work();
    await session.query('release savepoint row_maker');
    return result;
  } catch (error) {
    // A rollback also fails if the connection is lost. The first error says more.
    await session.query('rollback to savepoint row_maker; release savepoint row_maker').catch(() => {});
    throw error;
  }
}
