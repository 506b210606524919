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
/** What the function of a transaction gets. */
export type Transaction = AnyTransaction<AppTables>;

/**
 * A database over WebSocket. It connects at the first query, and replaces connections that drop. What fails is rejected with a
 * `DatabaseError`. What certainly did not run, or only reads, is sent again until its time is over.
 * Without a connection string, each query is rejected with a `DatabaseUrlError`.
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
 * Opens a database, gives it to `work`, and closes it whatever happens; gives what `work` gives. Where no process outlives a
 * request, on an edge runtime say, this is how a request gets its database.
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
