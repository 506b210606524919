/** Clients for the todo database on Neon, over HTTP and over WebSocket. */
import type { HttpDatabase } from './http.ts';
import type { WebSocketDatabase } from './websocket.ts';

export {
  connectSession,
  DatabaseUrlError,
  isLoopback,
  type LoggedQuery,
  maskUrl,
  type OwnSession,
  type PoolStats,
  type QueryLogger,
  type Session,
  type SessionOptions,
  type StatementComment,
  shared,
  transaction,
  type TransactionOptions,
  type WebSocketOptions,
} from '@todo/client';
export { DatabaseError, type DatabaseErrorFields, type DatabaseErrorKind, toDatabaseError } from './errors.ts';
export { connectHttp, type HttpDatabase, type HttpOptions } from './http.ts';
export { connectWebSocket, type Transaction, type WebSocketDatabase, withDatabase } from './websocket.ts';

/** A database over either transport: the parameter type for functions that only need queries. */
export type Database = HttpDatabase | WebSocketDatabase;
