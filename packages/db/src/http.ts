/** Drizzle over Neon's HTTP: one request per query or batch, nothing to close. */
import { neon } from '@neondatabase/serverless';
import type { Logger } from 'drizzle-orm';
import { drizzle, type NeonHttpDatabase } from 'drizzle-orm/neon-http';

import { parseConnectionUrl } from './connection-url.ts';
import { installHttpEndpoint } from './endpoints.ts';
import * as schema from './schema/index.ts';

export interface HttpOptions {
  /** `true` prints each query with its parameters. Default: none. */
  readonly logger?: boolean | Logger;
  /** How long one request may take, a waking compute included. Default 30 000. */
  readonly timeoutMs?: number;
}

/** Without `transaction`, which needs a session: it would compile and fail when called. `batch` is one transaction. */
export type HttpDatabase = Omit<NeonHttpDatabase<typeof schema>, 'transaction'>;

/**
 * A database over HTTP. Each query is a request of its own; the statements of a `batch` succeed or fail together.
 * @throws {DatabaseUrlError} when the connection string is missing or wrong.
 * @example
 * const db = connectHttp(process.env.DATABASE_URL);
 * const owner = await db.query.user.findFirst({ where: eq(user.email, email), with: { todos: true } });
 */
export function connectHttp(url: string | undefined, options: HttpOptions = {}): HttpDatabase {
  const { logger = false, timeoutMs = 30_000 } = options;
  const parsed = parseConnectionUrl(url);
  installHttpEndpoint();
  const client = neon(parsed.href, {
    fetchOptions: {
      // Read anew at each request, so that each has a deadline of its own.
      get signal() {
        return AbortSignal.timeout(timeoutMs);
      },
    },
  });
  return drizzle(client, { schema, logger });
}
