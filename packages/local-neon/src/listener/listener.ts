/**
 * One loopback port for three protocols, told apart by the first byte: a PostgreSQL packet begins with the high byte of its
 * length, zero; an HTTP request with the letter of its method.
 */
import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';

import type { HttpAnswer, HttpRequest } from '../sql/http-exchange.ts';
import { createHttpServer, type HttpTimeouts } from './http-server.ts';
import { closePort, listen } from './loopback-port.ts';
import type { OnQuery, Transport } from '../query-events/query-event.ts';
import type { BackendConnection, BackendOptions } from './backend-connection.ts';
import { createPreAuthLimit } from './pre-auth-limit.ts';
import { tcpTunnel } from './tcp-tunnel.ts';
import { websocketTunnel } from './websocket-tunnel.ts';
import { watchConnection } from '../query-events/connection-watch.ts';

export interface Listener {
  readonly port: number;
  /** Closes the port and what came in through it. */
  close(): Promise<void>;
}

export interface ListenerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Origins of the web pages that may come in. */
  readonly allowOrigin: readonly string[];
  readonly handleSql: (request: HttpRequest) => Promise<HttpAnswer>;
  /** PostgreSQL's Unix socket. */
  readonly socketPath: string;
  /** Whoever comes before PostgreSQL is ready waits for it. */
  readonly ready: Promise<void>;
  /** Told of each query that a session runs. */
  readonly onQuery?: OnQuery | undefined;
  /** Unless given, `DEFAULT_LIMITS`. */
  readonly patience?: ConnectionLimits;
}

/** How long who holds what while he has not said what he wants. */
export interface ConnectionLimits extends HttpTimeouts {
  /** A connection, until there is a request or a startup packet. */
  readonly firstMessageTimeoutMs: number;
  readonly silentMax: number;
  /** A backend, until the login is through. */
  readonly loginTimeoutMs: number;
  readonly pendingLoginsMax: number;
  /** Who came later than this is not sent away for being one of many. */
  readonly graceMs: number;
}

const DEFAULT_LIMITS: ConnectionLimits = {
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  connectionsCheckingInterval: 5000,
  firstMessageTimeoutMs: 30_000,
  silentMax: 500,
  loginTimeoutMs: 30_000,
  // PostgreSQL has 200.
  pendingLoginsMax: 120,
  graceMs: 1000,
};

/** Throws `PORT_TAKEN`. */
export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { allowOrigin, handleSql, onQuery, ready, patience = DEFAULT_LIMITS } = options;
  const visitors = new Set<Socket>();
  const silent = createPreAuthLimit<Socket>({
    max: patience.silentMax,
    timeoutMs: patience.firstMessageTimeoutMs,
    graceMs: patience.graceMs,
    dismiss: (socket) => socket.destroy(),
  });
  const logins = createPreAuthLimit<BackendConnection>({
    max: patience.pendingLoginsMax,
    timeoutMs: patience.loginTimeoutMs,
    graceMs: patience.graceMs,
    dismiss: (line) => line.close(),
  });
  const lineOptions = (socket: Socket, transport: Transport): BackendOptions => ({
    socketPath: options.socketPath,
    logins,
    onStart: () => silent.forget(socket),
    watch: onQuery && watchConnection(transport, onQuery),
  });
  const http = createHttpServer({
    allowOrigin,
    handleSql,
    onWebSocket: (webSocket, socket) => websocketTunnel(webSocket, lineOptions(socket, 'websocket')),
    timeouts: patience,
  });
  http.on('request', ({ socket }) => silent.forget(socket));
  const welcome = (socket: Socket): void => {
    visitors.add(socket);
    silent.meet(socket);
    socket.once('close', () => {
      visitors.delete(socket);
      silent.forget(socket);
    });
    // A visitor who leaves in the middle concerns nobody else.
    socket.on('error', () => socket.destroy());
    socket.setNoDelay(true);
    ready.then(
      () => route(socket, http, () => tcpTunnel(socket, lineOptions(socket, 'tcp'))),
      // Whoever opened the door closes it.
      () => {},
    );
  };
  const { port, servers } = await listen(options.port, welcome);
  return {
    port,
    close: async () => {
      const closed = closePort(servers);
      http.close();
      for (const socket of visitors) socket.destroy();
      await closed;
    },
  };
}

function route(socket: Socket, http: HttpServer, enterPostgres: () => void): void {
  socket.once('data', (chunk: Buffer) => {
    socket.pause();
    socket.unshift(chunk);
    if (chunk[0] === 0) enterPostgres();
    else if (isLetter(chunk[0])) http.emit('connection', socket);
    else socket.destroy();
    socket.resume();
  });
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 'A'.charCodeAt(0) && byte <= 'Z'.charCodeAt(0);
}
