/** Clients for a todo database on Neon, over HTTP and over WebSocket. */
import type { HttpDatabase } from './http.ts';
import type { WebSocketDatabase } from './websocket.ts';

export { DatabaseUrlError, isLoopback, maskUrl } from './connection-url.ts';
export { DatabaseError, type DatabaseErrorFields, type DatabaseErrorKind, toDatabaseError } from './errors/index.ts';
export { connectHttp, type HttpDatabase, type HttpOptions } from './http.ts';
export { connectSession, type OwnSession, type Session, type SessionOptions } from './session.ts';
export { connectWebSocket, type WebSocketDatabase, type WebSocketOptions } from './websocket.ts';

/** Either transport: what a function takes that only needs queries. */
export type Database = HttpDatabase | WebSocketDatabase;
