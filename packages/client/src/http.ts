/** Drizzle over Neon's HTTP: one request for each query or batch. Nothing needs to be closed. */
import { neonConfig } from '@neondatabase/serverless';
import type { NeonHttpDatabase } from 'drizzle-orm/neon-http';

import type { AppSchema, Schema } from './app-schema.ts';
import { type Endpoint, readUrls, sessionOptionsProblem, unknownHostProblem } from './endpoint.ts';
import { errorTranslator } from './errors/to-database-error.ts';
import { requireNumber } from './number-option.ts';
import { httpClient } from './requests/http-client.ts';
import { httpDatabase } from './requests/http-database.ts';
import { limitDialect } from './requests/parameter-limit.ts';
import { loggerOf, type LogOptions } from './requests/query-log.ts';
import type { CommentOption } from './requests/statement-comment.ts';
import { spreadReads } from './requests/replicas.ts';

export interface HttpOptions extends LogOptions, CommentOption {
  /** Time limit for one query or batch, including the start of a suspended compute and retries. Default 30 000. */
  readonly timeoutMs?: number;
  /** Connection strings of read replicas. Reads go to them. Default: none. */
  readonly replicas?: readonly string[];
  /**
   * The address of Neon's SQL over HTTP for a host that is neither this machine nor Neon's, for example `http://local-neon:5454/sql`.
   * Without TLS (`http:`) others on the network can read the password. Default: the address from the connection string.
   */
  readonly fetchEndpoint?: Endpoint;
}

/** Has no `transaction`, which needs a session and would compile but fail when called. A `batch` is one transaction. */
export interface HttpDatabase<S extends Schema = Schema> extends Omit<
  NeonHttpDatabase<S>,
  'transaction' | '$withAuth'
> {
  /** The primary of a database with replicas, otherwise the database itself. Use it for a read that must see the latest write. */
  readonly primary: HttpDatabase<S>;
}

/**
 * A database over HTTP. Each query is a request of its own; the statements of a `batch` succeed or fail together. A failed query rejects
 * with a `DatabaseError`. Requests that did not run, or only read, are sent again for 2 s, and while a suspended compute starts. Without a connection string,
 * each query rejects with a `DatabaseUrlError`.
 * @throws {DatabaseUrlError} when a connection string is wrong; {RangeError} for a number out of its range.
 * @example
 * const db = connectHttp({ schema }, process.env.DATABASE_URL);
 * const owner = await db.query.user.findFirst({ where: eq(user.email, email), with: { todos: true } });
 */
export function connectHttp<S extends Schema>(
  { schema, constraintErrors }: AppSchema<S>,
  url: string | undefined,
  options: HttpOptions = {},
): HttpDatabase<S> {
  const { comment, timeoutMs = 30_000, replicas, fetchEndpoint } = options;
  requireNumber('timeoutMs', timeoutMs, 1);
  const logger = loggerOf(options);
  const translate = errorTranslator(constraintErrors);
  const openDatabase = (readUrl: () => URL) => {
    const client = httpClient(readUrl, { logger, comment, translate, timeoutMs, endpoint: fetchEndpoint });
    return limitDialect(httpDatabase(client, schema));
  };
  // Set by this client's option, or by the application for the whole process.
  const hasEndpoint = (fetchEndpoint ?? neonConfig.fetchEndpoint) !== neonConfig.defaults.fetchEndpoint;
  const hostProblem = (parsed: URL) =>
    hasEndpoint ? undefined : unknownHostProblem(parsed, "fetchEndpoint: 'http://HOST:PORT/sql'");
  const readers = readUrls(url, replicas, (parsed) => sessionOptionsProblem(parsed) ?? hostProblem(parsed));
  const [primary, ...replicaDatabases] = readers.map(openDatabase);
  // The first reader, and so the primary, always exists.
  return spreadReads(primary!, replicaDatabases);
}
