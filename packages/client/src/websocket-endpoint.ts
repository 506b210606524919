/** Sets the address of a WebSocket: the client's own `wsProxy`; `ws://host:port/v2` on this machine; else the driver's own, with TLS. */
import type { Client } from '@neondatabase/serverless';
import { WebSocket } from 'ws';

import { hostAndPort, isLoopbackHost } from './connection-url.ts';
import type { Endpoint } from './endpoint.ts';

/** Sets the address of one client. Other clients are not affected. */
export function setWebSocketEndpoint(client: Client, { hostname, port }: URL, wsProxy?: Endpoint): void {
  const socket = client.neonConfig;
  if (needsWebSocket()) socket.webSocketConstructor ??= WebSocket;
  const local = isLoopbackHost(hostname) ? `ws://${hostAndPort(hostname, port)}/v2` : undefined;
  const endpoint = (typeof wsProxy === 'function' ? wsProxy(hostname, port) : wsProxy) ?? local;
  // Set in both cases, because the application may have changed the driver's global default.
  socket.useSecureWebSocket = endpoint?.startsWith('ws:') !== true;
  if (endpoint !== undefined) socket.wsProxy = () => endpoint.replace(/^wss?:\/\//, '');
}

/** Whether to use the WebSocket of `ws`. Node before 22 has no WebSocket, and Node's WebSocket of later versions reports no reason for a failure. */
function needsWebSocket(): boolean {
  return globalThis.WebSocket === undefined || globalThis.navigator?.userAgent?.startsWith('Node.js/');
}
