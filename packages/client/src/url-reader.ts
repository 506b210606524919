/** A module that connects is also imported where there is no database: while an image is built, say. A missing URL is the first query's. */
import { parseConnectionUrl } from './connection-url.ts';

/**
 * Gives the function that reads a connection string, and throws when there is none.
 * @throws {DatabaseUrlError} at once when there is one that is wrong.
 */
export function urlReader(text: string | undefined, name?: string): () => URL {
  const read = () => parseConnectionUrl(text, name);
  if (text?.trim()) read();
  return read;
}
