/** Tunnels the PostgreSQL protocol over TCP, for psql, `pg` and every other client. */
import type { Socket } from 'node:net';

import { type BackendOptions, openBackendConnection } from './backend-connection.ts';

/** Joins a TCP connection to a backend of its own. A CancelRequest needs no routing: there is one server. */
export function openTcpTunnel(socket: Socket, options: BackendOptions): void {
  const backend = openBackendConnection(
    {
      send: (bytes, sent) => {
        if (socket.write(bytes)) return true;
        socket.once('drain', sent);
        return false;
      },
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      // Not `destroy`: the last bytes of the server are still to be sent.
      close: () => socket.destroySoon(),
    },
    options,
  );
  socket.on('data', backend.fromClient);
  socket.on('close', backend.close);
}
