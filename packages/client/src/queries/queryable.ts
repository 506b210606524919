/** Where queries run. */
import type { HttpDatabase } from '../http.ts';
import type { Transaction } from '../transaction.ts';
import type { WebSocketDatabase } from '../websocket.ts';

/** A database over either transport, or a transaction. */
export type Queryable = HttpDatabase | WebSocketDatabase | Transaction;

/** Where a read goes: to one of the replicas, where there are any; and always to `db.primary` when that was given. */
export function forReading(db: Queryable): Queryable {
  // So Drizzle's `withReplicas` keeps them. Its own choice is made when a statement is built, which here happens once.
  const { $replicas: replicas = [] } = db as { readonly $replicas?: readonly Queryable[] };
  return replicas[Math.floor(Math.random() * replicas.length)] ?? db;
}

/** Over HTTP there is no session, and so no transaction of more than one request. */
export function isHttp(db: Queryable): db is HttpDatabase {
  return 'batch' in db;
}

export function isTransaction(db: Queryable): db is Transaction {
  return 'rollback' in db;
}
