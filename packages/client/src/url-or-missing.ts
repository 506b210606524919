/** A module that connects is also imported where there is no database: while an image is built, say. A missing URL is the first query's. */
import { DatabaseUrlError, parseConnectionUrl } from './connection-url.ts';

/**
 * Reads a connection string. That there is none is returned and not thrown, to be what each query is rejected with.
 * @throws {DatabaseUrlError} when there is one that is wrong.
 */
export function urlOrMissing(text: string | undefined, name?: string): URL | DatabaseUrlError {
  try {
    return parseConnectionUrl(text, name);
  } catch (error) {
    if (error instanceof DatabaseUrlError && error.code === 'DATABASE_URL_MISSING') return error;
    throw error;
  }
}
