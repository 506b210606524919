/** The HTTP of the front door: Neon's `/sql` and its WebSockets, for the visitors who may come in. */
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';

import { type WebSocket, WebSocketServer } from 'ws';

import type { HttpAnswer, HttpRequest } from '../sql/http-exchange.ts';
import { GRANT_WEBSOCKETS, ignoreUpgrade, wantsWebSocket } from './ignore-upgrade.ts';
import { receive } from './incoming-request.ts';
import { answerClientError, sendRawError } from './raw-http-error.ts';
import { createOriginPolicy } from './origin-policy.ts';

export interface HttpServerOptions {
  /** Origins of the web pages that may come in. */
  readonly allowOrigin: readonly string[];
  readonly handleSql: (request: HttpRequest) => Promise<HttpAnswer>;
  readonly onWebSocket: (webSocket: WebSocket, socket: Socket) => void;
  readonly timeouts: HttpTimeouts;
}

/** In milliseconds, from the first byte of a request on. */
export interface HttpTimeouts {
  readonly headersTimeout: number;
  readonly requestTimeout: number;
  /** How often the two are looked after. */
  readonly connectionsCheckingInterval: number;
}

const FRAME_BYTES_MAX = 64 * 1024 * 1024;

/** A server without a port: it takes the sockets that it is told of by `connection`. */
export function createHttpServer({ allowOrigin, handleSql, onWebSocket, timeouts }: HttpServerOptions): Server {
  const visitors = createOriginPolicy(allowOrigin);
  const http = createServer({ ...timeouts, ...GRANT_WEBSOCKETS }, (request, response) => {
    const refusal = visitors.refusalOf(request.headers);
    if (refusal !== undefined) {
      response.writeHead(403, { 'content-type': 'application/json', 'neon-request-id': randomUUID() });
      response.end(JSON.stringify({ message: refusal }));
      return;
    }
    const { origin } = request.headers;
    if (origin !== undefined || request.method === 'OPTIONS') {
      for (const [name, value] of Object.entries(visitors.corsHeaders(origin))) response.setHeader(name, value);
    }
    receive(request, response, handleSql);
  });
  // As Neon's proxy does with what it does not know; Node by itself answers 417.
  http.on('checkExpectation', (request, response) => http.emit('request', request, response));
  http.on('clientError', answerClientError);
  // The timeouts begin to be looked after when a server listens, which this one never does itself.
  http.emit('listening');

  const webSockets = new WebSocketServer({ noServer: true, maxPayload: FRAME_BYTES_MAX });
  http.on('upgrade', (request, socket, head) => {
    if (!wantsWebSocket(request)) {
      ignoreUpgrade(http, request, socket, head);
      return;
    }
    const refusal = visitors.refusalOf(request.headers);
    if (refusal === undefined) {
      webSockets.handleUpgrade(request, socket, head, (webSocket) => onWebSocket(webSocket, request.socket));
    } else {
      sendRawError(socket, 403, refusal);
    }
  });
  webSockets.on('headers', (headers) => headers.push(`neon-request-id: ${randomUUID()}`));
  webSockets.on('wsClientError', ({ message }, socket) => sendRawError(socket, 400, message));
  return http;
}
