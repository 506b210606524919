/**
 * Ignores an Upgrade to any protocol but WebSocket and serves the request. Java's HTTP client and curl ask for HTTP/2
 * in this way. https://www.rfc-editor.org/rfc/rfc9110.html#section-7.8
 *
 * Node 24.9 and later asks the server which upgrades to accept. Earlier versions emit `upgrade` for every one, after
 * reading only the head of the request.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

import { responseInProgress } from './raw-http-error.ts';

/** For Node 24.9 and later: https://nodejs.org/api/http.html#httpcreateserveroptions-requestlistener */
export const UPGRADE_OPTIONS = { shouldUpgradeCallback: wantsWebSocket };

export function wantsWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

/** For Node before 24.9: passes the request to the server a second time, without its Upgrade header. */
export function ignoreUpgrade(http: Server, request: IncomingMessage, socket: Duplex, bytesAfterHead: Buffer): void {
  // With pipelined requests, the response to an earlier one may still be in progress.
  const earlier = responseInProgress(socket);
  if (earlier) {
    earlier.once('close', () => ignoreUpgrade(http, request, socket, bytesAfterHead));
    return;
  }
  const { method, url, httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.toLowerCase() !== 'upgrade') lines.push(`${name}: ${rawHeaders[index + 1]}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), bytesAfterHead]));
  http.emit('connection', socket);
}
