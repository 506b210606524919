/** Neon's WebSocket endpoint: binary frames are the bytes of a PostgreSQL connection, cut anywhere. */
import type { WebSocket } from 'ws';

import { type BackendOptions, openBackendConnection } from './backend-connection.ts';

/** RFC 6455, 7.4.1. */
const UNSUPPORTED_DATA = 1003;
const BUFFERED_BYTES_MAX = 1_048_576;

/** Joins a WebSocket to a backend of its own. */
export function websocketTunnel(webSocket: WebSocket, options: BackendOptions): void {
  const line = openBackendConnection(
    {
      send: (bytes, sent) => {
        webSocket.send(bytes, sent);
        return webSocket.bufferedAmount <= BUFFERED_BYTES_MAX;
      },
      pause: () => webSocket.pause(),
      resume: () => webSocket.resume(),
      close: () => {
        // A paused one would never read the answer to its closing frame.
        webSocket.resume();
        webSocket.close();
      },
    },
    options,
  );
  webSocket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) line.fromClient(data);
    else webSocket.close(UNSUPPORTED_DATA, 'PostgreSQL speaks in binary frames');
  });
  webSocket.on('close', line.close);
  // `close` follows.
  webSocket.on('error', () => {});
}
