/** Drizzle over Neon's WebSocket: sessions and interactive transactions, on a pool that must be closed. */
// An app may compile for `es2022`, which has no `AsyncDisposable`.
/// <reference lib="esnext.disposable" preserve="true" />
import { neonConfig, type Pool } from '@neondatabase/serverless';
import { drizzle, type NeonDatabase } from 'drizzle-orm/neon-serverless';

import type { AppSchema, Schema } from './app-schema.ts';
import { publishEvents } from './diagnostics/publish-events.ts';
import { readUrls, unknownHostProblem } from './endpoint.ts';
import { errorTranslator, type Translate } from './errors/to-database-error.ts';
import { isReadOnly } from './errors/reads-only.ts';
import { addLease } from './pool/lease.ts';
import { type Connection, type Statement, textOf } from './pool/connection.ts';
import { type ConnectionPool, type Connections, openPool } from './pool/connection-pool.ts';
import { type PoolStats, sumStats } from './pool/pool-stats.ts';
import { type PoolOptions, poolSettings, type PoolSettings } from './pool/pool-settings.ts';
import { poolWithoutUrl } from './pool/without-url.ts';
import { forwardingPools, type PoolHolder, rememberHolder } from './pool/pool-holder.ts';
import { createTransactionConnection } from './pool/transaction-connection.ts';
import { mapFlatRows } from './requests/flat-rows.ts';
import { observe } from './requests/observer.ts';
import { limitDialect } from './requests/parameter-limit.ts';
import { runAndLog, loggerOf, type LogOptions, type QueryLogger } from './requests/query-log.ts';
import type { CommentOption, StatementComment } from './requests/statement-comment.ts';
import { spreadReads } from './requests/replicas.ts';
import { rejectTyped } from './requests/typed-rejections.ts';

/** The pool's settings apply to each database: a replica has a pool of its own. */
export interface WebSocketOptions extends PoolOptions, LogOptions, CommentOption {
  /** Connection strings of read replicas. Reads outside transactions go to them. Default: none. */
  readonly replicas?: readonly string[];
}

export interface WebSocketDatabase<S extends Schema = Schema> extends NeonDatabase<S>, AsyncDisposable {
  /** The primary of a database with replicas, otherwise the database itself. Use it for a read that must see the latest write. */
  readonly primary: WebSocketDatabase<S>;
  /** The number of connections at this moment, including those to replicas. */
  stats(): PoolStats;
  /**
   * Refuses new work, waits for running work, then for every connection to close. A second call is allowed. Do not await `close` inside a
   * transaction's function: each would wait for the other.
   */
  close(): Promise<void>;
}

/**
 * A database over WebSocket. It connects at the first query, and replaces connections that drop. A failed query rejects with a
 * `DatabaseError`. Requests that did not run, or only read, are sent again for 2 s, and while a suspended compute starts. Without a connection string, each query
 * rejects with a `DatabaseUrlError`.
 * @throws {DatabaseUrlError} when a connection string is wrong; {RangeError} for an option outside its range.
 * @example
 * await using db = connectWebSocket({ schema }, process.env.DATABASE_URL);
 * await db.transaction(async (tx) => {
 *   const [owner] = await tx.select().from(user).where(eq(user.email, email)).for("update");
 *   …
 * });
 */
export function connectWebSocket<S extends Schema>(
  { schema, constraintErrors }: AppSchema<S>,
  url: string | undefined,
  options: WebSocketOptions = {},
): WebSocketDatabase<S> {
  publishEvents();
  const { comment, replicas = [] } = options;
  const logger = loggerOf(options);
  const settings = poolSettings(options);
  // Set by this client's option, or by the application for the whole process.
  const hasEndpoint = (options.wsProxy ?? neonConfig.wsProxy) !== neonConfig.defaults.wsProxy;
  const readers = readUrls(url, replicas, (parsed) =>
    hasEndpoint ? undefined : unknownHostProblem(parsed, "wsProxy: 'ws://HOST:PORT/v2'"),
  );
  const translate = errorTranslator(constraintErrors);
  const holder: PoolHolder = {
    // A JavaScript caller may have something else for a URL.
    poolKey: JSON.stringify([typeof url === 'string' ? url : undefined, replicas, settings]),
    pools: readers.map((readUrl) => poolFor(readUrl, settings, translate)),
  };
  const pools = forwardingPools(holder);
  const stats = () => sumStats(pools.map((pool) => pool.stats()));
  const close = async () => void (await Promise.all(pools.map((pool) => pool.close())));
  const [primary, ...replicaDatabases] = pools.map((pool) =>
    Object.assign(databaseOnPool(pool, { schema, translate, logger, comment }), {
      stats,
      close,
      [Symbol.asyncDispose]: close,
    }),
  );
  // The first pool, and so the primary, always exists.
  return rememberHolder(spreadReads(primary!, replicaDatabases), holder);
}

/** Opens the pool of one URL. */
function poolFor(readUrl: () => URL, settings: PoolSettings, translate: Translate): ConnectionPool {
  let url: URL;
  try {
    url = readUrl();
  } catch (error) {
    // The URL is missing. A wrong URL was refused earlier.
    return poolWithoutUrl(error);
  }
  return openPool(url, settings, translate);
}

interface Wiring<S extends Schema> {
  readonly schema: S;
  readonly translate: Translate;
  readonly logger: QueryLogger | undefined;
  readonly comment: StatementComment | undefined;
}

/** A database on a pool. Its lease is a second database on the same pool, which stays usable while the pool closes. */
function databaseOnPool<S extends Schema>(pool: ConnectionPool, wiring: Wiring<S>) {
  let leasedDatabase: NeonDatabase<S> | undefined;
  return addLease(databaseOnConnections(pool, wiring), (work) =>
    pool.lease((connections) => work((leasedDatabase ??= databaseOnConnections(connections, wiring)))),
  );
}

function databaseOnConnections<S extends Schema>(connections: Connections, wiring: Wiring<S>): NeonDatabase<S> {
  const { logger, comment } = wiring;
  const query = (statement: Statement, values?: unknown[]) => {
    const text = textOf(statement);
    return observe('query', connections.url, [text], (onRetry) =>
      runAndLog(logger, text, () =>
        connections.use((connection) => connection.query(statement, values, () => isReadOnly(text), comment), onRetry),
      ),
    );
  };

  const transaction: NeonDatabase<S>['transaction'] = (work, config) => {
    let hasBegun = false;
    const attempt = async (connection: Connection) => {
      const transactionConnection = createTransactionConnection(connection, { url: connections.url, logger, comment });
      try {
        return await databaseOnClient(transactionConnection, wiring).transaction((tx) => {
          hasBegun = true;
          return work(tx);
        }, config);
      } finally {
        transactionConnection.end();
      }
    };
    // A lost connection is retried only until `work` is called: then nothing of `work` has happened.
    return observe('transaction', connections.url, [], (onRetry) => connections.use(attempt, onRetry, () => !hasBegun));
  };
  return Object.assign(databaseOnClient({ query }, wiring), { transaction });
}

/** Drizzle calls only `query` of its client, unless Drizzle itself begins a transaction on a pool. */
function databaseOnClient<S extends Schema>(client: { readonly query: unknown }, { schema, translate }: Wiring<S>) {
  return limitDialect(rejectTyped(mapFlatRows(drizzle({ client: client as unknown as Pool, schema })), translate));
}
