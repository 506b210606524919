/**
 * One loopback port for three protocols, told apart by the first byte: a PostgreSQL packet begins with the high byte of its
 * length, zero; an HTTP request with the letter of its method.
 */
import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';

import type { HttpAnswer, HttpRequest } from '../sql/http-exchange.ts';
import { createHttpServer, type HttpTimeouts } from './http-server.ts';
import { closePort, listen } from './loopback-port.ts';
import type { OnQuery, Transport } from './query-event.ts';
import type { Line, LineOptions } from './session-line.ts';
import { createStrangers } from './strangers.ts';
import { tcpTunnel } from './tcp-tunnel.ts';
import { tunnel } from './websocket-tunnel.ts';
import { watchWire } from './wire-watch.ts';

export interface FrontDoor {
  readonly port: number;
  /** Closes the port and what came in through it. */
  close(): Promise<void>;
}

export interface FrontDoorOptions {
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
  /** Unless given, `PATIENCE`. */
  readonly patience?: Patience;
}

/** How long who holds what while he has not said what he wants. */
export interface Patience extends HttpTimeouts {
  /** A connection, until there is a request or a startup packet. */
  readonly silenceTimeoutMs: number;
  readonly silentMax: number;
  /** A backend, until the login is through. */
  readonly loginTimeoutMs: number;
  readonly loginsMax: number;
  /** Who came later than this is not sent away for being one of many. */
  readonly graceMs: number;
}

const PATIENCE: Patience = {
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  connectionsCheckingInterval: 5000,
  silenceTimeoutMs: 30_000,
  silentMax: 500,
  loginTimeoutMs: 30_000,
  // PostgreSQL has 200.
  loginsMax: 120,
  graceMs: 1000,
};

/** Throws `PORT_TAKEN`. */
export async function openFrontDoor(options: FrontDoorOptions): Promise<FrontDoor> {
  const { allowOrigin, handleSql, onQuery, ready, patience = PATIENCE } = options;
  const visitors = new Set<Socket>();
  const silent = createStrangers<Socket>({
    max: patience.silentMax,
    timeoutMs: patience.silenceTimeoutMs,
    graceMs: patience.graceMs,
    dismiss: (socket) => socket.destroy(),
  });
  const logins = createStrangers<Line>({
    max: patience.loginsMax,
    timeoutMs: patience.loginTimeoutMs,
    graceMs: patience.graceMs,
    dismiss: (line) => line.close(),
  });
  const lineOptions = (socket: Socket, transport: Transport): LineOptions => ({
    socketPath: options.socketPath,
    logins,
    onStart: () => silent.forget(socket),
    watch: onQuery && watchWire(transport, onQuery),
  });
  const http = createHttpServer({
    allowOrigin,
    handleSql,
    onWebSocket: (webSocket, socket) => tunnel(webSocket, lineOptions(socket, 'websocket')),
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
