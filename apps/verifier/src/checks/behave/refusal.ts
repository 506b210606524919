/** The error of a write that PostgreSQL should refuse. */
import { DatabaseError, toDatabaseError } from '@todo/client';
import { isSqlState } from '@todo/client/errors';

import { describeResult } from './probes.ts';
import type { Transaction } from './run-and-roll-back.ts';

/**
 * Runs a write and returns the error of PostgreSQL; undefined if the write was accepted. It uses a savepoint, so the transaction continues.
 * @throws any error that is not from PostgreSQL, because such an error says nothing about the guarantee.
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
    if (refused === undefined || !isSqlState(refused.code)) throw error;
    return refused;
  }
}

export function describeRefusal(refusal: DatabaseError | undefined): string {
  if (refusal === undefined) return 'accepted';
  const { code = '', constraint, column } = refusal;
  return describeResult({ kind: 'refused', code, constraint, column });
}

/** The kind and the code of an error, for messages. Its text is left out, because it may contain values. */
export function describeError(error: unknown): string {
  if (error === undefined) return 'accepted';
  if (error instanceof DatabaseError) return [error.kind, error.code].filter(Boolean).join(', ');
  return `an error named ${error instanceof Error ? error.name : typeof error}, not a DatabaseError`;
}
