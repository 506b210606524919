/** Transactions and savepoints around work that may fail. */
import type { Session } from '@todo/client/session';

/** Runs the work in a transaction, and commits it, or rolls back if the work fails. */
export function runInTransaction<T>(session: Session, work: () => Promise<T>, begin = 'begin'): Promise<T> {
  return runBetween(session, work, { begin, commit: 'commit', rollback: 'rollback' });
}

/** Runs the work in a savepoint, and rolls back to it if the work fails: the transaction can continue. */
export function runInSavepoint<T>(session: Session, work: () => Promise<T>): Promise<T> {
  const commit = 'release savepoint work';
  return runBetween(session, work, { begin: 'savepoint work', commit, rollback: ROLLBACK_TO_SAVEPOINT });
}

/** Runs the work in a savepoint, and always rolls back its changes and settings. The session must be inside a transaction. */
export function runAndRollBack<T>(session: Session, work: () => Promise<T>): Promise<T> {
  return runBetween(session, work, {
    begin: 'savepoint work',
    commit: ROLLBACK_TO_SAVEPOINT,
    rollback: ROLLBACK_TO_SAVEPOINT,
  });
}

const ROLLBACK_TO_SAVEPOINT = 'rollback to savepoint work; release savepoint work';

interface Bracket {
  readonly begin: string;
  readonly commit: string;
  readonly rollback: string;
}

async function runBetween<T>(session: Session, work: () => Promise<T>, bracket: Bracket): Promise<T> {
  await session.query(bracket.begin);
  try {
    const result = await work();
    await session.query(bracket.commit);
    return result;
  } catch (error) {
    // A rollback also fails if the connection is lost. The first error says more.
    await session.query(bracket.rollback).catch(() => {});
    throw error;
  }
}
