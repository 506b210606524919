/** Drizzle over Neon's HTTP: one request per query or batch, nothing to close. */
import { neonConfig } from '@neondatabase/serverless';
import type { NeonHttpDatabase } from 'drizzle-orm/neon-http';

import type { AppSchema, Schema } from './app-schema.ts';
import { type Endpoint, readUrls, sessionSettings, unknownHost } from './endpoint.ts';
import { DatabaseError } from './errors/database-error.ts';
import { errorTranslator } from './errors/to-database-error.ts';
import { mapFlatRows } from './requests/flat-rows.ts';
import { requireNumber } from './number-option.ts';
import { requireBatchable } from './requests/http-batch.ts';
import { httpClient } from './requests/http-client.ts';
import { httpDatabase } from './requests/http-database.ts';
import { limitDialect } from './requests/parameter-limit.ts';
import type { QueryLogger } from './requests/query-log.ts';
import { spreadReads } from './requests/replicas.ts';
import { rejectTyped } from './requests/typed-rejections.ts';

export interface HttpOptions {
  /** Told of each query and batch: its statement and duration, never its values. `console.log` is one. Default: none. */
  readonly logger?: QueryLogger;
  /** How long one query or batch may take, a waking compute and further attempts included. Default 30 000. */
  readonly timeoutMs?: number;
  /** Connection strings of read replicas, which get the reads. Default: none. */
  readonly replicas?: readonly string[];
  /**
   * The address of Neon's SQL over HTTP for a host that is neither this machine nor Neon's, `http://local-neon:5454/sql` say. Without
   * TLS (`http:`) the password can be read on the way. Default: what the connection string says.
   */
  readonly fetchEndpoint?: Endpoint;
}

/** Without `transaction`, which needs a session: it would compile and fail when called. `batch` is one transaction. */
export interface HttpDatabase<S extends Schema = Schema> extends Omit<NeonHttpDatabase<S>, 'transaction'> {
  /** Itself, or with replicas the database that they follow: for a read that must see what was just written. */
  readonly primary: HttpDatabase<S>;
}

/**
 * A database over HTTP. Each query is a request of its own; the statements of a `batch` succeed or fail together. What fails is
 * rejected with a `DatabaseError`. What certainly did not run, or only reads, is sent again until `timeoutMs` is over.
 * Without a connection string, each query is rejected with a `DatabaseUrlError`.
 * @throws {DatabaseUrlError} when a connection string is wrong; {RangeError} for a `timeoutMs` that is none.
 * @example
 * const db = connectHttp({ schema }, process.env.DATABASE_URL);
 * const owner = await db.query.user.findFirst({ where: eq(user.email, email), with: { todos: true } });
 */
export function connectHttp<S extends Schema>(
  { schema, constraintErrors }: AppSchema<S>,
  url: string | undefined,
  options: HttpOptions = {},
): HttpDatabase<S> {
  const { logger, timeoutMs = 30_000, replicas, fetchEndpoint } = options;
  requireNumber('timeoutMs', timeoutMs, 1);
  const translate = errorTranslator(constraintErrors);
  const open = (readUrl: () => URL) => {
    const client = httpClient(readUrl, { logger, translate, timeoutMs, endpoint: fetchEndpoint });
    return limitDialect(rejectTyped(mapFlatRows(httpDatabase(client, schema)), translate));
  };
  const hasEndpoint = (fetchEndpoint ?? neonConfig.fetchEndpoint) !== neonConfig.defaults.fetchEndpoint;
  const urls = readUrls(
    url,
    replicas,
    (parsed) =>
      sessionSettings(parsed) ??
      (hasEndpoint ? undefined : unknownHost(parsed, "fetchEndpoint: 'http://HOST:PORT/sql'")),
  );
  const [primary, ...followers] = urls.map(open);
  // There is always the first.
  const db = spreadReads(primary!, followers);
  return Object.assign(db, { batch: checkedBatch(primary!), transaction: refuseTransaction });
}

function checkedBatch<S extends Schema>(db: NeonHttpDatabase<S>): NeonHttpDatabase<S>['batch'] {
  const batch = db.batch.bind(db);
  return async (queries) => {
    requireBatchable(queries);
    return await batch(queries);
  };
}

/** For callers without types: an adapter that looks for `transaction` finds one in Drizzle, and it throws a plain error. */
async function refuseTransaction(): Promise<never> {
  throw new DatabaseError('refused', 'HTTP has no transactions. Use `batch`, or `connectWebSocket`.');
}
