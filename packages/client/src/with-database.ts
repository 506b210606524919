/** Opens, uses and closes a database for one unit of work. */
import type { AppSchema, Schema } from './app-schema.ts';
import { connectWebSocket, type WebSocketDatabase, type WebSocketOptions } from './websocket.ts';

/**
 * Opens a database, passes it to `work`, and always closes it. Returns the result of `work`. Use it for each request where no process
 * outlives a request, for example on an edge runtime.
 * @throws {DatabaseUrlError} when the connection string is missing or wrong.
 * @example
 * const open = await withDatabase({ schema }, process.env.DATABASE_URL, (db) => db.$count(todo, eq(todo.isCompleted, false)));
 */
export async function withDatabase<S extends Schema, T>(
  app: AppSchema<S>,
  url: string | undefined,
  work: (db: WebSocketDatabase<S>) => Promise<T> | PromiseLike<T>,
  options?: WebSocketOptions,
): Promise<T> {
  await using db = connectWebSocket(app, url, options);
  return await work(db);
}
