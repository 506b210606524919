/** The app's database over Neon's HTTP: one request for each query or batch. Nothing needs to be closed. */
import { connectHttp as connect, type HttpDatabase as AnyHttpDatabase, type HttpOptions } from '@todo/client/http';

import { appSchema, type AppTables } from './schema/app-schema.ts';

export type { HttpOptions } from '@todo/client/http';
export type HttpDatabase = AnyHttpDatabase<AppTables>;

/**
 * A database over HTTP. Each query is a request of its own; the statements of a `batch` succeed or fail together. A failed query rejects
 * with a `DatabaseError`. Requests that did not run, or only read, are sent again for 2 s, and while a suspended compute starts. Without a connection string,
 * each query rejects with a `DatabaseUrlError`.
 * @throws {DatabaseUrlError} when a connection string is wrong.
 * @example
 * const db = connectHttp(process.env.DATABASE_URL);
 * const owner = await db.query.user.findFirst({ where: eq(user.email, email), with: { todos: true } });
 */
export function connectHttp(url: string | undefined, options?: HttpOptions): HttpDatabase {
  return connect(appSchema, url, options);
}
