/**
 * Listens on one loopback port for PostgreSQL's protocol and for HTTP, with WebSocket. The first byte names the protocol:
 * zero, the high byte of the length of a PostgreSQL packet; or a letter, the first of an HTTP method.
 */
import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';

import { watchConnection } from '../query-events/connection-watch.ts';
import type { OnQuery, Transport } from '../query-events/query-event.ts';
import type { BackendConnection, BackendOptions } from './backend-connection.ts';
import { createHttpServer, type HttpServerOptions, type HttpTimeouts } from './http-server.ts';
import { closePort, listen } from './loopback-port.ts';
import { createPreAuthLimit, type PreAuthLimit } from './pre-auth-limit.ts';
import { openTcpTunnel } from './tcp-tunnel.ts';
import { openWebSocketTunnel } from './websocket-tunnel.ts';

export interface Listener {
  readonly port: number;
  /** Closes the port and all its connections. */
  close(): Promise<void>;
}

export interface ListenerOptions extends Pick<HttpServerOptions, 'allowOrigin' | 'handleSql'> {
  /** 0: any free port. */
  readonly port: number;
  /** PostgreSQL's Unix socket. */
  readonly socketPath: string;
  /** Resolves when PostgreSQL is ready. Earlier connections wait for it. */
  readonly ready: Promise<void>;
  /** Called after each query of a session. */
  readonly onQuery?: OnQuery | undefined;
  /** `DEFAULT_LIMITS` by default. */
  readonly limits?: ConnectionLimits;
}

/** Timeouts and limits for connections that have not authenticated. */
export interface ConnectionLimits extends HttpTimeouts {
  /** From the connection to its first complete request or startup packet. */
  readonly silenceTimeoutMs: number;
  readonly silentMax: number;
  /** From the startup packet, which opens a backend, to the end of the login. */
  readonly loginTimeoutMs: number;
  readonly pendingLoginsMax: number;
  /** A younger connection is not closed when there are too many connections. */
  readonly graceMs: number;
}

const DEFAULT_LIMITS: ConnectionLimits = {
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  connectionsCheckingInterval: 5000,
  silenceTimeoutMs: 30_000,
  silentMax: 500,
  loginTimeoutMs: 30_000,
  // PostgreSQL has 200 connections.
  pendingLoginsMax: 120,
  graceMs: 1000,
};

interface ListenerState {
  readonly options: ListenerOptions;
  readonly http: HttpServer;
  readonly sockets: Set<Socket>;
  /** Connections without a complete request or startup packet. */
  readonly silentConnections: PreAuthLimit<Socket>;
  readonly pendingLogins: PreAuthLimit<BackendConnection>;
}

/** Opens the port. Throws `PORT_TAKEN`. */
export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { allowOrigin, handleSql, limits = DEFAULT_LIMITS } = options;
  const { graceMs } = limits;
  const http = createHttpServer({
    allowOrigin,
    handleSql,
    onWebSocket: (webSocket, socket) => openWebSocketTunnel(webSocket, backendOptions(state, socket, 'websocket')),
    timeouts: limits,
  });
  const state: ListenerState = {
    options,
    http,
    sockets: new Set(),
    silentConnections: createPreAuthLimit<Socket>({
      max: limits.silentMax,
      timeoutMs: limits.silenceTimeoutMs,
      graceMs,
      close: (socket) => socket.destroy(),
    }),
    pendingLogins: createPreAuthLimit<BackendConnection>({
      max: limits.pendingLoginsMax,
      timeoutMs: limits.loginTimeoutMs,
      graceMs,
      close: (connection) => connection.close(),
    }),
  };
  http.on('request', ({ socket }) => state.silentConnections.remove(socket));
  const { port, servers } = await listen(options.port, (socket) => onConnection(state, socket));
  return {
    port,
    close: async () => {
      const closed = closePort(servers);
      http.close();
      for (const socket of state.sockets) socket.destroy();
      await closed;
    },
  };
}

/** Waits with a new connection until PostgreSQL is ready. */
function onConnection(state: ListenerState, socket: Socket): void {
  state.sockets.add(socket);
  state.silentConnections.add(socket);
  socket.once('close', () => {
    state.sockets.delete(socket);
    state.silentConnections.remove(socket);
  });
  socket.on('error', () => socket.destroy());
  socket.setNoDelay(true);
  state.options.ready.then(
    () => route(state, socket),
    // When PostgreSQL does not start, the caller of `openListener` closes the port.
    () => {},
  );
}

/** Passes a connection to its protocol. */
function route(state: ListenerState, socket: Socket): void {
  socket.once('data', (chunk: Buffer) => {
    socket.pause();
    socket.unshift(chunk);
    if (chunk[0] === 0) openTcpTunnel(socket, backendOptions(state, socket, 'tcp'));
    else if (/[A-Z]/.test(chunk.toString('latin1', 0, 1))) state.http.emit('connection', socket);
    else socket.destroy();
    socket.resume();
  });
}

function backendOptions(
  { options, silentConnections, pendingLogins }: ListenerState,
  socket: Socket,
  transport: Transport,
): BackendOptions {
  const { socketPath, onQuery } = options;
  return {
    socketPath,
    pendingLogins,
    onStart: () => silentConnections.remove(socket),
    watch: onQuery && watchConnection(transport, onQuery),
  };
}
