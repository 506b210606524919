/**
 * A request that wishes for another protocol than a WebSocket, as Java's client and curl do for HTTP/2: the wish is ignored and the
 * request served, https://www.rfc-editor.org/rfc/rfc9110.html#section-7.8
 *
 * Node from 24.9 on asks which wishes to grant. An older one hands over every request that has one, having read its head only.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

import { responseInProgress } from './raw-http-error.ts';

/** Of a server: from Node 24.9 on, https://nodejs.org/api/http.html#httpcreateserveroptions-requestlistener */
export const GRANT_WEBSOCKETS = { shouldUpgradeCallback: wantsWebSocket };

export function wantsWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

/** Before Node 24.9: gives the server the request once more, without its wish. */
export function ignoreUpgrade(http: Server, request: IncomingMessage, socket: Duplex, rest: Buffer): void {
  // Of requests sent one behind the other this may be a later one.
  const earlier = responseInProgress(socket);
  if (earlier) {
    earlier.once('close', () => ignoreUpgrade(http, request, socket, rest));
    return;
  }
  const { method, url, httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.toLowerCase() !== 'upgrade') lines.push(`${name}: ${rawHeaders[index + 1]}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), rest]));
  http.emit('connection', socket);
}
