/** Drizzle over Neon's WebSocket: sessions and interactive transactions, on a pool that must be closed. */
// An app may compile for `es2022`, which has no `AsyncDisposable`.
/// <reference lib="esnext.disposable" preserve="true" />
import { neonConfig, type Pool } from '@neondatabase/serverless';
import { drizzle, type NeonDatabase } from 'drizzle-orm/neon-serverless';

import type { AppSchema, Schema } from './app-schema.ts';
import { readUrls, unknownHost } from './endpoint.ts';
import { errorTranslator, type Translate } from './errors/to-database-error.ts';
import { readsOnly } from './errors/reads-only.ts';
import { leasable } from './pool/lease.ts';
import { type Connection, type Statement, textOf } from './pool/connection.ts';
import {
  type ConnectionPool,
  type Connections,
  openPool,
  type PoolOptions,
  poolSettings,
  type PoolSettings,
} from './pool/connection-pool.ts';
import { poolWithoutUrl } from './pool/without-url.ts';
import { heldPools, type PoolHolder, rememberHolder } from './pool/pool-holder.ts';
import { transactionOn } from './pool/transaction-connection.ts';
import { mapFlatRows } from './requests/flat-rows.ts';
import { limitDialect } from './requests/parameter-limit.ts';
import { logged, type QueryLogger } from './requests/query-log.ts';
import { spreadReads } from './requests/replicas.ts';
import { rejectTyped } from './requests/typed-rejections.ts';

/** The pool's settings hold for each database: a replica has a pool of its own. */
export interface WebSocketOptions extends PoolOptions {
  /** Told of each query and statement: its text and duration, never its values. `console.log` is one. Default: none. */
  readonly logger?: QueryLogger;
  /** Connection strings of read replicas, which get the reads outside transactions. Default: none. */
  readonly replicas?: readonly string[];
}

export interface WebSocketDatabase<S extends Schema = Schema> extends NeonDatabase<S>, AsyncDisposable {
  /** Itself, or with replicas the database that they follow: for a read that must see what was just written. */
  readonly primary: WebSocketDatabase<S>;
  /**
   * Refuses newcomers, waits for what is running, then for every connection to be gone. Calling it again is fine. Do not await it
   * inside a transaction's function: it waits for that function, and each would wait for the other.
   */
  close(): Promise<void>;
}

/**
 * A database over WebSocket. It connects at the first query, and replaces connections that drop. What fails is rejected with a
 * `DatabaseError`. What certainly did not run, or only reads, is sent again until its time is over.
 * Without a connection string, each query is rejected with a `DatabaseUrlError`.
 * @throws {DatabaseUrlError} when a connection string is wrong; {RangeError} for an option out of its range.
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
  const { logger, replicas = [] } = options;
  const settings = poolSettings(options);
  const hasEndpoint = (options.wsProxy ?? neonConfig.wsProxy) !== neonConfig.defaults.wsProxy;
  const readers = readUrls(url, replicas, (parsed) =>
    hasEndpoint ? undefined : unknownHost(parsed, "wsProxy: 'ws://HOST:PORT/v2'"),
  );
  const translate = errorTranslator(constraintErrors);
  const holder: PoolHolder = {
    // A caller without types may have something else for a URL.
    target: JSON.stringify([typeof url === 'string' ? url : undefined, replicas, settings]),
    pools: readers.map((readUrl) => poolFor(readUrl, settings, translate)),
  };
  const pools = heldPools(holder);
  const close = async () => void (await Promise.all(pools.map((pool) => pool.close())));
  const [primary, ...followers] = pools.map((pool) =>
    Object.assign(onPool(pool, { schema, translate, logger }), { close, [Symbol.asyncDispose]: close }),
  );
  // There is always the first.
  return rememberHolder(spreadReads(primary!, followers), holder);
}

function poolFor(readUrl: () => URL, settings: PoolSettings, translate: Translate): ConnectionPool {
  let url: URL;
  try {
    url = readUrl();
  } catch (error) {
    // There is none: one that is wrong was refused before.
    return poolWithoutUrl(error);
  }
  return openPool(url, settings, translate);
}

interface Wiring<S extends Schema> {
  readonly schema: S;
  readonly translate: Translate;
  readonly logger: QueryLogger | undefined;
}

function onPool<S extends Schema>(pool: ConnectionPool, wiring: Wiring<S>) {
  let leased: NeonDatabase<S> | undefined;
  return leasable(onConnections(pool, wiring), (work) =>
    pool.lease((connections) => work((leased ??= onConnections(connections, wiring)))),
  );
}

function onConnections<S extends Schema>(connections: Connections, wiring: Wiring<S>): NeonDatabase<S> {
  const { logger } = wiring;
  const query = (statement: Statement, values?: unknown[]) => {
    const text = textOf(statement);
    return logged(logger, text, () =>
      connections.use((connection) => connection.query(statement, values, () => readsOnly(text))),
    );
  };

  const transaction: NeonDatabase<S>['transaction'] = (work, config) => {
    let hasBegun = false;
    const attempt = async (connection: Connection) => {
      const own = transactionOn(connection, logger);
      try {
        return await onClient(own, wiring).transaction((tx) => {
          hasBegun = true;
          return work(tx);
        }, config);
      } finally {
        own.end();
      }
    };
    // Until then no statement of `work` was sent, and nothing of it has happened.
    return connections.use(attempt, () => !hasBegun);
  };
  return Object.assign(onClient({ query }, wiring), { transaction });
}

/** Drizzle calls nothing of its client but `query`, as long as it does not begin transactions itself on a pool. */
function onClient<S extends Schema>(client: { readonly query: unknown }, { schema, translate }: Wiring<S>) {
  return limitDialect(rejectTyped(mapFlatRows(drizzle({ client: client as unknown as Pool, schema })), translate));
}
