/** Transactions and savepoints around work that may fail. */
import type { Session } from '@todo/client/session';

/** Runs the work in a transaction, and commits it, or rolls back if the work fails. */
export function runInTransaction<T>(session: Session, work: () => Promise<T>, begin = 'begin'): Promise<T> {
  return runBetween(session, work, [begin, 'commit', 'rollback']);
}

/** Runs the work in a savepoint, and rolls back to it if the work fails: the transaction can continue. */
export function runInSavepoint<T>(session: Session, work: () => Promise<T>): Promise<T> {
  return runBetween(session, work, ['savepoint work', 'release savepoint work', ROLLBACK_TO_SAVEPOINT]);
}

/** Runs the work in a savepoint, and always rolls back its changes and settings. The session must be inside a transaction. */
export function runAndRollBack<T>(session: Session, work: () => Promise<T>): Promise<T> {
  return runBetween(session, work, ['savepoint work', ROLLBACK_TO_SAVEPOINT, ROLLBACK_TO_SAVEPOINT]);
}

const ROLLBACK_TO_SAVEPOINT = 'rollback to savepoint work; release savepoint work';

async function runBetween<T>(
  session: Session,
  work: () => Promise<T>,
  [begin, commit, rollback]: [begin: string, commit: string, rollback: string],
): Promise<T> {
  await session.query(begin);
  try {
    const result = await work();
    await session.query(commit);
    return result;
  } catch (error) {
    // A rollback also fails if the connection is lost. The first error says more.
    await session.query(rollback).catch(() => {});
    throw error;
  }
}
