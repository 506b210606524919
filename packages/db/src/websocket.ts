/** Drizzle over Neon's WebSocket: sessions and interactive transactions, on a pool that must be closed. */
import type { Pool } from '@neondatabase/serverless';
import { drizzle, type NeonDatabase } from 'drizzle-orm/neon-serverless';

import { parseConnectionUrl } from './connection-url.ts';
import { readsOnly } from './errors/reads-only.ts';
import { holdable } from './pool/as-one.ts';
import { type Connection, type Statement, textOf } from './pool/connection.ts';
import { type ConnectionPool, type Lender, openPool, type PoolOptions } from './pool/connection-pool.ts';
import { transactionOn } from './pool/transaction-connection.ts';
import { mapFlatRows } from './requests/flat-rows.ts';
import { logged, type QueryLogger } from './requests/query-log.ts';
import { spreadReads } from './requests/replicas.ts';
import { rejectTyped } from './requests/typed-rejections.ts';
import * as schema from './schema/index.ts';

/** The pool's settings hold for each database: a replica has a pool of its own. */
export interface WebSocketOptions extends PoolOptions {
  /** Told of each query and statement: its text and duration, never its values. `console.log` is one. Default: none. */
  readonly logger?: QueryLogger;
  /** Connection strings of read replicas, which get the reads outside transactions. Default: none. */
  readonly replicas?: readonly string[];
}

export interface WebSocketDatabase extends NeonDatabase<typeof schema>, AsyncDisposable {
  /** Itself, or with replicas the database that they follow: for a read that must see what was just written. */
  readonly primary: WebSocketDatabase;
  /**
   * Refuses newcomers, waits for what is running, then for every connection to be gone. Calling it again is fine. Do not await it
   * inside a transaction's function: it waits for that function, and each would wait for the other.
   */
  close(): Promise<void>;
}

/**
 * A database over WebSocket. It connects at the first query, and replaces connections that drop. What fails is rejected with a
 * `DatabaseError`. What certainly did not run, or only reads, is sent again until its time is over.
 * @throws {DatabaseUrlError} when a connection string is missing or wrong.
 * @example
 * await using db = connectWebSocket(process.env.DATABASE_URL);
 * await db.transaction(async (tx) => {
 *   const [owner] = await tx.select().from(user).where(eq(user.email, email)).for("update");
 *   …
 * });
 */
export function connectWebSocket(url: string | undefined, options: WebSocketOptions = {}): WebSocketDatabase {
  const { replicas = [] } = options;
  const urls = [parseConnectionUrl(url), ...replicas.map((replica) => parseConnectionUrl(replica, 'A replica’s URL'))];
  const pools = urls.map((parsed) => openPool(parsed, options));
  const close = async () => void (await Promise.all(pools.map((pool) => pool.close())));
  const [primary, ...followers] = pools.map((pool) =>
    Object.assign(onPool(pool, options), { close, [Symbol.asyncDispose]: close }),
  );
  // There is always the first.
  return spreadReads(primary!, followers);
}

type Transaction = NeonDatabase<typeof schema>['transaction'];

function onPool(pool: ConnectionPool, { logger }: WebSocketOptions) {
  let held: ReturnType<typeof onLender> | undefined;
  return holdable(onLender(pool, logger), (work) => pool.hold((lender) => work((held ??= onLender(lender, logger)))));
}

function onLender(lender: Lender, logger: QueryLogger | undefined) {
  const query = (statement: Statement, values?: unknown[]) => {
    const text = textOf(statement);
    return logged(logger, text, () =>
      lender.use((connection) => connection.query(statement, values, () => readsOnly(text))),
    );
  };

  const transaction: Transaction = (work, config) => {
    let hasBegun = false;
    const attempt = async (connection: Connection) => {
      const own = transactionOn(connection, logger);
      try {
        return await onClient(own).transaction((tx) => {
          hasBegun = true;
          return work(tx);
        }, config);
      } finally {
        own.end();
      }
    };
    // Until then no statement of `work` was sent, and nothing of it has happened.
    return lender.use(attempt, () => !hasBegun);
  };
  return Object.assign(onClient({ query }), { transaction });
}

/** Drizzle calls nothing of its client but `query`, as long as it does not begin transactions itself on a pool. */
function onClient(client: { readonly query: unknown }) {
  return rejectTyped(mapFlatRows(drizzle({ client: client as unknown as Pool, schema })));
}
