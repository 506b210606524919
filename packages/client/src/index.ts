/** Clients for a database on Neon, over HTTP and over WebSocket, for the tables of any application. */
import type { Schema } from './app-schema.ts';
import type { HttpDatabase } from './http.ts';
import type { WebSocketDatabase } from './websocket.ts';

export type { AppSchema, Casing, Schema } from './app-schema.ts';
export { DatabaseUrlError, isLoopback, maskUrl } from './connection-url.ts';
export {
  type ConstraintErrors,
  DatabaseError,
  type DatabaseErrorFields,
  type GeneralErrorKind,
  toDatabaseError,
} from './errors/index.ts';
export { connectHttp, type HttpDatabase, type HttpOptions } from './http.ts';
export type { LoggedQuery, QueryLogger } from './requests/query-log.ts';
export type { PoolStats } from './pool/pool-stats.ts';
export type { StatementComment } from './requests/statement-comment.ts';
export { connectSession, type OwnSession, type Session, type SessionOptions } from './session.ts';
export { shared } from './shared.ts';
export { type Transaction, transaction, type TransactionOptions } from './transaction.ts';
export { connectWebSocket, type WebSocketDatabase, type WebSocketOptions } from './websocket.ts';
export { withDatabase } from './with-database.ts';

/** A database over either transport: the parameter type for functions that only need queries. */
export type Database<S extends Schema = Schema> = HttpDatabase<S> | WebSocketDatabase<S>;
