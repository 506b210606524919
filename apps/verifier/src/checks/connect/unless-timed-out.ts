import { databaseError } from '../../error-chain.ts';

/**
 * Undefined when PostgreSQL ended the query for taking too long: it did answer, so there is a way in. That its limit is too
 * short says `connect/session-settings`, which would not run otherwise.
 */
export async function unlessTimedOut<T>(query: Promise<T>): Promise<T | undefined> {
  try {
    return await query;
  } catch (error) {
    if (databaseError(error)?.code === QUERY_CANCELED) return undefined;
    throw error;
  }
}

const QUERY_CANCELED = '57014';
