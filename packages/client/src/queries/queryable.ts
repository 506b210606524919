/** The databases and transactions that queries run on. */
import type { HttpDatabase } from '../http.ts';
import type { Transaction } from '../transaction.ts';
import type { WebSocketDatabase } from '../websocket.ts';

/** A database over either transport, or a transaction. */
export type Queryable = HttpDatabase | WebSocketDatabase | Transaction;

/** Selects the database for a read: one of the replicas if there are any, but always the primary when `db.primary` was given. */
export function forReading(db: Queryable): Queryable {
  // Drizzle's `withReplicas` stores the replicas in this field. Drizzle chooses when a statement is built, which happens only once here.
  const { $replicas: replicas = [] } = db as { readonly $replicas?: readonly Queryable[] };
  return replicas[Math.floor(Math.random() * replicas.length)] ?? db;
}

/** Whether `db` sends over HTTP. Only such a database has `batch`. */
export function isHttp(db: Queryable): db is HttpDatabase {
  return 'batch' in db;
}

export function isTransaction(db: Queryable): db is Transaction {
  return 'rollback' in db;
}
