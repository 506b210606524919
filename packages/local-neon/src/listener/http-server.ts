/** The HTTP side of the listener: Neon's `/sql` and WebSockets, for requests that the origin policy allows. */
import { randomUUID } from 'node:crypto';
import { createServer, type Server, type ServerOptions } from 'node:http';
import type { Socket } from 'node:net';

import { type WebSocket, WebSocketServer } from 'ws';

import type { HttpRequest, HttpResponse } from '../sql/http-exchange.ts';
import { UPGRADE_OPTIONS, ignoreUpgrade, wantsWebSocket } from './ignore-upgrade.ts';
import { handleRequest } from './incoming-request.ts';
import { respondToClientError, sendRawError } from './raw-http-error.ts';
import { corsHeaders, createOriginPolicy } from './origin-policy.ts';

export interface HttpServerOptions {
  /** Origins of the web pages that may connect. */
  readonly allowOrigin: readonly string[];
  readonly handleSql: (request: HttpRequest) => Promise<HttpResponse>;
  readonly onWebSocket: (webSocket: WebSocket, socket: Socket) => void;
  readonly timeouts: HttpTimeouts;
}

/** Node's timeouts, in milliseconds. The first two begin with the first byte of a request. */
export type HttpTimeouts = Required<
  Pick<ServerOptions, 'headersTimeout' | 'requestTimeout' | 'connectionsCheckingInterval'>
>;

const FRAME_BYTES_MAX = 64 * 1024 * 1024;

/** Creates a server without a port of its own. Emit `connection` to pass it a socket. */
export function createHttpServer({ allowOrigin, handleSql, onWebSocket, timeouts }: HttpServerOptions): Server {
  const refusalOf = createOriginPolicy(allowOrigin);
  const http = createServer({ ...timeouts, ...UPGRADE_OPTIONS }, (request, response) => {
    const refusal = refusalOf(request.headers);
    if (refusal !== undefined) {
      response.writeHead(403, { 'content-type': 'application/json', 'neon-request-id': randomUUID() });
      response.end(JSON.stringify({ message: refusal }));
      return;
    }
    const { origin } = request.headers;
    if (origin !== undefined || request.method === 'OPTIONS') {
      for (const [name, value] of Object.entries(corsHeaders(origin))) response.setHeader(name, value);
    }
    handleRequest(request, response, handleSql);
  });
  // Ignore an unknown expectation, as Neon's proxy does. Node responds with 417 by default.
  http.on('checkExpectation', (request, response) => http.emit('request', request, response));
  http.on('clientError', respondToClientError);
  // Node checks the timeouts from `listening` on, and this server never listens itself.
  http.emit('listening');

  const webSockets = new WebSocketServer({ noServer: true, maxPayload: FRAME_BYTES_MAX });
  http.on('upgrade', (request, socket, head) => {
    if (!wantsWebSocket(request)) {
      ignoreUpgrade(http, request, socket, head);
      return;
    }
    const refusal = refusalOf(request.headers);
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
