/** Drizzle clients that refuse writes, for databases that may only be read. */
import type { WebSocketDatabase } from '@todo/client';
import type { PgSession } from 'drizzle-orm/pg-core';

import type { ReadGuard } from './read-guard.ts';

/** Passes the queries of a client to the guard, and makes its transactions read-only on the server too. */
export function readOnlyWebSocket(db: WebSocketDatabase, guard: ReadGuard): WebSocketDatabase {
  const startTransaction = db.transaction.bind(db);
  const transaction: WebSocketDatabase['transaction'] = (work, config) =>
    startTransaction((tx) => work(guardQueries(tx, guard)), { ...config, accessMode: 'read only' });
  return Object.assign(guardQueries(db, guard), { transaction });
}

/**
 * Passes each query and each statement of a batch to the guard before it is sent. Wraps `prepareQuery`, through which Drizzle sends
 * everything. Its logger does not see batches.
 */
export function guardQueries<DB extends { readonly _: { readonly session: Session } }>(db: DB, guard: ReadGuard): DB {
  const { session } = db._;
  const prepare = session.prepareQuery.bind(session);
  const prepareQuery: Session['prepareQuery'] = (query, ...options) => {
    guard(query.sql);
    return prepare(query, ...options);
  };
  Object.assign(session, { prepareQuery });
  return db;
}

type Session = Pick<PgSession, 'prepareQuery'>;
