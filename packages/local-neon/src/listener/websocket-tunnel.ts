/** Neon's WebSocket endpoint: binary frames hold the bytes of a PostgreSQL connection, cut anywhere. */
import type { WebSocket } from 'ws';

import { type BackendOptions, openBackendConnection } from './backend-connection.ts';

/** RFC 6455, 7.4.1. */
const UNSUPPORTED_DATA = 1003;
const BUFFERED_BYTES_MAX = 1_048_576;

/** Joins a WebSocket to a backend of its own. */
export function openWebSocketTunnel(webSocket: WebSocket, options: BackendOptions): void {
  const backend = openBackendConnection(
    {
      send: (bytes, sent) => {
        webSocket.send(bytes, sent);
        return webSocket.bufferedAmount <= BUFFERED_BYTES_MAX;
      },
      pause: () => webSocket.pause(),
      resume: () => webSocket.resume(),
      close: () => {
        // A paused WebSocket would not read the close frame of the other side.
        webSocket.resume();
        webSocket.close();
      },
    },
    options,
  );
  webSocket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) backend.fromClient(data);
    else webSocket.close(UNSUPPORTED_DATA, 'PostgreSQL needs binary frames');
  });
  webSocket.on('close', backend.close);
  // `close` follows.
  webSocket.on('error', () => {});
}
