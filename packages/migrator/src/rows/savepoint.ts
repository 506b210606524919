/** Work that may fail inside a transaction. */
import type { Session } from '@todo/client/session';

/** Undoes what the work did when it fails, so that the transaction can go on. */
export async function inSavepoint<T>(session: Session, work: () => Promise<T>): Promise<T> {
  await session.query('savepoint row_maker');
  try {
    const result = await work();
    await session.query('release savepoint row_maker');
    return result;
  } catch (error) {
    // When the connection is lost this fails as well, and the first error says more.
    await session.query('rollback to savepoint row_maker; release savepoint row_maker').catch(() => {});
    throw error;
  }
}
