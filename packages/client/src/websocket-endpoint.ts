/**
 * The address of one connection over WebSocket: the one that its client was given; else for this machine `ws://host:port/v2`, and for
 * any other host the driver's own, with TLS.
 */
import type { Client } from '@neondatabase/serverless';
import { WebSocket } from 'ws';

import { hostAndPort, isLoopbackHost } from './connection-url.ts';
import type { Endpoint } from './endpoint.ts';

/** Settles where one client connects. Nothing of it is shared with other clients. */
export function setWebSocketEndpoint(client: Client, { hostname, port }: URL, wsProxy?: Endpoint): void {
  const socket = client.neonConfig;
  if (needsWebSocket()) socket.webSocketConstructor ??= WebSocket;
  const local = isLoopbackHost(hostname) ? `ws://${hostAndPort(hostname, port)}/v2` : undefined;
  const own = (typeof wsProxy === 'function' ? wsProxy(hostname, port) : wsProxy) ?? local;
  // Said for both, because the process may have said otherwise for all.
  socket.useSecureWebSocket = own?.startsWith('ws:') !== true;
  if (own !== undefined) socket.wsProxy = () => own.replace(/^wss?:\/\//, '');
}

/** Node has no WebSocket before version 22, and from then on one that keeps to itself why a connection failed. */
function needsWebSocket(): boolean {
  return globalThis.WebSocket === undefined || globalThis.navigator?.userAgent?.startsWith('Node.js/');
}
