/** Drizzle's clients as they are given to checks where nothing may be written. */
import type { HttpDatabase, WebSocketDatabase } from '@todo/client';
import type { PgSession } from 'drizzle-orm/pg-core';

import type { ReadGuard } from './read-guard.ts';

/** Each query and each statement of a batch passes the guard before it is sent. */
export function readOnlyHttp(db: HttpDatabase, guard: ReadGuard): HttpDatabase {
  return guarded(db, guard);
}

/** The same, and each transaction is read only for the server as well. */
export function readOnlyWebSocket(db: WebSocketDatabase, guard: ReadGuard): WebSocketDatabase {
  const begin = db.transaction.bind(db);
  const transaction: WebSocketDatabase['transaction'] = (work, config) =>
    begin((tx) => work(guarded(tx, guard)), { ...config, accessMode: 'read only' });
  return Object.assign(guarded(db, guard), { transaction });
}

/** Drizzle prepares all that it sends at one place of its session; a batch never comes to its logger. */
function guarded<DB extends { readonly _: { readonly session: Session } }>(db: DB, guard: ReadGuard): DB {
  const { session } = db._;
  const prepare = session.prepareQuery.bind(session);
  const prepareQuery: Session['prepareQuery'] = (query, ...how) => {
    guard(query.sql);
    return prepare(query, ...how);
  };
  Object.assign(session, { prepareQuery });
  return db;
}

type Session = Pick<PgSession, 'prepareQuery'>;
