/** The app's database over Neon's WebSocket: sessions and interactive transactions, on a pool that must be closed. */
import {
  connectWebSocket as connect,
  type Transaction as AnyTransaction,
  type WebSocketDatabase as AnyWebSocketDatabase,
  type WebSocketOptions,
  withDatabase as withAnyDatabase,
} from '@todo/client';

import { appSchema, type AppTables } from './schema/app-schema.ts';

export type WebSocketDatabase = AnyWebSocketDatabase<AppTables>;
/** The argument of a transaction's function. */
export type Transaction = AnyTransaction<AppTables>;

/**
 * A database over WebSocket. It connects at the first query, and replaces connections that drop. A failed query rejects with a
 * `DatabaseError`. Requests that did not run, or only read, are sent again for 2 s, and while a suspended compute starts. Without a connection string, each query
 * rejects with a `DatabaseUrlError`.
 * @throws {DatabaseUrlError} when a connection string is wrong.
 * @example
 * await using db = connectWebSocket(process.env.DATABASE_URL);
 * await db.transaction(async (tx) => {
 *   const [owner] = await tx.select().from(user).where(eq(user.email, email)).for("update");
 *   …
 * });
 */
export function connectWebSocket(url: string | undefined, options?: WebSocketOptions): WebSocketDatabase {
  return connect(appSchema, url, options);
}

/**
 * Opens a database, passes it to `work`, and always closes it. Returns the result of `work`. Use it for each request where no process
 * outlives a request, for example on an edge runtime.
 * @throws {DatabaseUrlError} when the connection string is missing or wrong.
 * @example
 * const open = await withDatabase(process.env.DATABASE_URL, (db) => db.$count(todo, eq(todo.isCompleted, false)));
 */
export function withDatabase<T>(
  url: string | undefined,
  work: (db: WebSocketDatabase) => Promise<T> | PromiseLike<T>,
  options?: WebSocketOptions,
): Promise<T> {
  return withAnyDatabase(appSchema, url, work, options);
}
