/** What PostgreSQL says to a write that it should refuse. */
import { DatabaseError, toDatabaseError } from '@todo/client';

import type { Transaction } from './rolled-back.ts';

/**
 * The refusal; undefined when the write was accepted. The transaction goes on as if nothing had been tried.
 * @throws what is no refusal of PostgreSQL's: that says nothing about a guarantee.
 */
export async function refusalOf(
  tx: Transaction,
  write: (savepoint: Transaction) => Promise<unknown>,
): Promise<DatabaseError | undefined> {
  try {
    await tx.transaction(write);
    return undefined;
  } catch (error) {
    const refused = toDatabaseError(error);
    // SQLSTATE has five characters; what a network says has more.
    if (refused?.code?.length !== 5) throw error;
    return refused;
  }
}

export function describeRefusal(refusal: DatabaseError | undefined): string {
  if (refusal === undefined) return 'accepted';
  const { code, constraint, column } = refusal;
  const by = [constraint && `by ${constraint}`, column && `for ${column}`].filter(Boolean).join(' ');
  return `refused with ${code} ${by}`.trim();
}
