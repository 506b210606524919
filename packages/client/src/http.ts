/** Drizzle over Neon's HTTP: one request per query or batch, nothing to close. */
import { drizzle, type NeonHttpDatabase } from 'drizzle-orm/neon-http';

import type { AppSchema, Schema } from './app-schema.ts';
import { DatabaseError } from './errors/database-error.ts';
import { errorTranslator } from './errors/to-database-error.ts';
import { installHttpEndpoint } from './http-endpoint.ts';
import { mapFlatRows } from './requests/flat-rows.ts';
import { httpClient } from './requests/http-client.ts';
import { requireBatchable } from './requests/http-batch.ts';
import { limitDialect } from './requests/parameter-limit.ts';
import type { QueryLogger } from './requests/query-log.ts';
import { spreadReads } from './requests/replicas.ts';
import { rejectTyped } from './requests/typed-rejections.ts';
import { urlReader } from './url-reader.ts';

export interface HttpOptions {
  /** Told of each query and batch: its statement and duration, never its values. `console.log` is one. Default: none. */
  readonly logger?: QueryLogger;
  /** How long one query or batch may take, a waking compute and further attempts included. Default 30 000. */
  readonly timeoutMs?: number;
  /** Connection strings of read replicas, which get the reads. Default: none. */
  readonly replicas?: readonly string[];
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
 * @throws {DatabaseUrlError} when a connection string is wrong.
 * @example
 * const db = connectHttp({ schema }, process.env.DATABASE_URL);
 * const owner = await db.query.user.findFirst({ where: eq(user.email, email), with: { todos: true } });
 */
export function connectHttp<S extends Schema>(
  { schema, constraintErrors }: AppSchema<S>,
  url: string | undefined,
  options: HttpOptions = {},
): HttpDatabase<S> {
  const { logger, timeoutMs = 30_000, replicas = [] } = options;
  const translate = errorTranslator(constraintErrors);
  const open = (readUrl: () => URL) =>
    limitDialect(
      rejectTyped(
        mapFlatRows(drizzle({ client: httpClient(readUrl, { logger, translate, timeoutMs }), schema })),
        translate,
      ),
    );
  const urls = [urlReader(url), ...replicas.map((replica) => urlReader(replica, 'A replica’s URL'))];
  installHttpEndpoint();
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
