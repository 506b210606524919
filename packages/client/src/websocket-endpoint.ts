/**
 * Where the Neon driver calls over WebSocket. The connection string alone decides: for this machine `ws://host:port/v2`, without
 * TLS; for any other host the driver's own default, with TLS.
 */
import type { Client } from '@neondatabase/serverless';
import { WebSocket } from 'ws';

import { hostAndPort, isLoopbackHost } from './connection-url.ts';

/** Settles where one client connects. Nothing of it is shared with other clients. */
export function setWebSocketEndpoint(client: Client, url: URL): void {
  const socket = client.neonConfig;
  if (needsWebSocket()) socket.webSocketConstructor ??= WebSocket;
  const isLocal = isLoopbackHost(url.hostname);
  // Said for both, because the process may have said otherwise for all.
  socket.useSecureWebSocket = !isLocal;
  if (isLocal) socket.wsProxy = () => `${hostAndPort(url.hostname, url.port)}/v2`;
}

/** Node has no WebSocket before version 22, and from then on one that keeps to itself why a connection failed. */
function needsWebSocket(): boolean {
  return globalThis.WebSocket === undefined || globalThis.navigator?.userAgent?.startsWith('Node.js/');
}
