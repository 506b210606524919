/** Plain PostgreSQL, for psql, `pg` and whatever else speaks it. */
import type { Socket } from 'node:net';

import { type BackendOptions, openBackendConnection } from './backend-connection.ts';

/** Joins a TCP connection to a backend of its own. A CancelRequest is one too: there is one server, so it reaches the right one. */
export function tcpTunnel(socket: Socket, options: BackendOptions): void {
  const line = openBackendConnection(
    {
      send: (bytes, sent) => {
        if (socket.write(bytes)) return true;
        socket.once('drain', sent);
        return false;
      },
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      // What the server said last is still on its way.
      close: () => socket.destroySoon(),
    },
    options,
  );
  socket.on('data', line.fromClient);
  socket.on('close', line.close);
}
