import { databaseError } from '../../error-chain.ts';

/**
 * Returns the result, or undefined if PostgreSQL canceled the query because of a timeout: then the server is reachable.
 * `connect/session-settings` reports the short timeout, and runs only if the connection checks pass.
 */
export async function ignoreTimeout<T>(query: Promise<T>): Promise<T | undefined> {
  try {
    return await query;
  } catch (error) {
    if (databaseError(error)?.code === QUERY_CANCELED) return undefined;
    throw error;
  }
}

const QUERY_CANCELED = '57014';
