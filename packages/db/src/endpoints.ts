/**
 * Where the Neon driver calls. The connection string alone decides: for this machine HTTP on `http://host:port/sql` and
 * WebSocket on `ws://host:port/v2`, without TLS; for any other host the driver's own defaults, with TLS.
 */
import { type Client, neonConfig } from '@neondatabase/serverless';
import { WebSocket } from 'ws';

import { isLoopbackHost } from './connection-url.ts';

/** Settles where one client connects. Nothing of it is shared with other clients. */
export function setWebSocketEndpoint(client: Client, url: URL): void {
  const socket = client.neonConfig;
  if (needsWebSocket()) socket.webSocketConstructor ??= WebSocket;
  // Gathering writes costs a timer, and so a millisecond, at each query.
  socket.coalesceWrites = false;
  if (!isLoopbackHost(url.hostname)) return;
  socket.useSecureWebSocket = false;
  socket.wsProxy = () => `${hostAndPort(url.hostname, url.port)}/v2`;
}

/** Node has no WebSocket before version 22, and from then on one that keeps to itself why a connection failed. */
function needsWebSocket(): boolean {
  return globalThis.WebSocket === undefined || globalThis.navigator?.userAgent?.startsWith('Node.js/');
}

/**
 * Lets the driver's HTTP side reach this machine. The driver offers only one setting for the whole process, so this is one
 * rule that speaks for loopback hosts alone: any other host goes where it would have gone without it, by whatever rule
 * was in force before. Installing it again changes nothing.
 */
export function installHttpEndpoint(): void {
  const { fetchEndpoint } = neonConfig;
  if (fetchEndpoint === installed) return;
  installed = (host, port, options) => {
    if (isLoopbackHost(host)) return `http://${hostAndPort(host, port)}/sql`;
    return typeof fetchEndpoint === 'function' ? fetchEndpoint(host, port, options) : fetchEndpoint;
  };
  neonConfig.fetchEndpoint = installed;
}

let installed: Extract<typeof neonConfig.fetchEndpoint, (...args: never) => unknown> | undefined;

function hostAndPort(host: string, port: string | number): string {
  return `${host}:${port === '' ? 5432 : port}`;
}
