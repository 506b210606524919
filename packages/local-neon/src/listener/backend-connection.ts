/** Opens the backend of a client when the startup packet is complete. When one side closes, the other side closes too. */
import { connect, type Socket } from 'node:net';

import type { ConnectionWatch } from '../query-events/connection-watch.ts';
import type { PreAuthLimit } from './pre-auth-limit.ts';
import { createStartup } from './startup.ts';

/** The client's side of the connection. */
export interface ClientSide {
  /** Returns false when the client's buffer is full; then calls `sent` when the buffer has room. */
  send(bytes: Buffer, sent: () => void): boolean;
  pause(): void;
  resume(): void;
  close(): void;
}

export interface BackendConnection {
  readonly fromClient: (bytes: Buffer) => void;
  /** Call when the client has disconnected. */
  readonly close: () => void;
}

export interface BackendOptions {
  /** PostgreSQL's Unix socket. */
  readonly socketPath: string;
  /** Limits connections that hold a backend and have not logged in. */
  readonly pendingLogins: PreAuthLimit<BackendConnection>;
  /** Called when the startup packet is complete. */
  readonly onStart: () => void;
  /** Receives the bytes of both directions as the server sends and receives them. */
  readonly watch?: ConnectionWatch | undefined;
}

/** Relays between a client and its backend. The backend opens with the first bytes for the server. */
export function openBackendConnection(
  client: ClientSide,
  { socketPath, pendingLogins, onStart, watch }: BackendOptions,
): BackendConnection {
  let backend: Socket | undefined;
  let isClosed = false;

  const open = (): Socket => {
    const socket = connect(socketPath);
    if (watch) socket.on('data', watch.fromServer);
    socket.on('data', relay.fromServer);
    // `close` follows an error, and closes the client's side.
    socket.on('error', () => {});
    socket.on('close', () => {
      // Do not write after `close`: 'drain' would never come, so a client that was paused for it would stay paused and could not close.
      isClosed = true;
      pendingLogins.remove(connection);
      client.close();
    });
    onStart();
    pendingLogins.add(connection);
    return socket;
  };
  const relay = createStartup({
    toClient: (bytes) => {
      const hasRoom = client.send(bytes, () => backend?.resume());
      if (!hasRoom) backend?.pause();
    },
    toServer: (bytes) => {
      if (isClosed) return;
      backend ??= open();
      watch?.fromClient(bytes);
      if (backend.write(bytes)) return;
      client.pause();
      backend.once('drain', () => client.resume());
    },
    onFull: () => client.pause(),
    onReady: () => {
      pendingLogins.remove(connection);
      client.resume();
    },
    onInvalid: () => {
      client.close();
      connection.close();
    },
  });
  const connection: BackendConnection = {
    fromClient: relay.fromClient,
    close: () => {
      isClosed = true;
      pendingLogins.remove(connection);
      backend?.destroy();
    },
  };
  return connection;
}
