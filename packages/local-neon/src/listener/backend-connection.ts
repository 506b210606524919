/**
 * The line between a visitor who speaks PostgreSQL, over TCP or in a WebSocket, and a backend of its own: opened when the
 * visitor has said a whole startup packet, and neither end outlives the other.
 */
import { connect, type Socket } from 'node:net';

import { createStartup } from './startup.ts';
import type { PreAuthLimit } from './pre-auth-limit.ts';
import type { ConnectionWatch } from '../query-events/connection-watch.ts';

/** What the visitor speaks through. */
export interface ClientSide {
  /** False when it has enough for now; `sent` is called when it has room. */
  send(bytes: Buffer, sent: () => void): boolean;
  pause(): void;
  resume(): void;
  close(): void;
}

export interface BackendConnection {
  readonly fromClient: (bytes: Buffer) => void;
  /** The visitor has gone. */
  readonly close: () => void;
}

export interface BackendOptions {
  /** PostgreSQL's Unix socket. */
  readonly socketPath: string;
  /** Lines that hold a backend and have not logged in. */
  readonly logins: PreAuthLimit<BackendConnection>;
  readonly onStart: () => void;
  /** Sees what passes between the two, as the server takes part in it. */
  readonly watch?: ConnectionWatch | undefined;
}

export function openBackendConnection(visitor: ClientSide, { socketPath, logins, onStart, watch }: BackendOptions): BackendConnection {
  let backend: Socket | undefined;
  let isClosed = false;

  const open = (): Socket => {
    const socket = connect(socketPath);
    if (watch) socket.on('data', watch.fromServer);
    socket.on('data', startup.fromServer);
    // `close` follows, and says all there is to say to the other side.
    socket.on('error', () => {});
    socket.on('close', () => {
      logins.forget(line);
      visitor.close();
    });
    onStart();
    logins.meet(line);
    return socket;
  };
  const startup = createStartup({
    toClient: (bytes) => {
      const isRoomy = visitor.send(bytes, () => backend?.resume());
      if (!isRoomy) backend?.pause();
    },
    toServer: (bytes) => {
      if (isClosed) return;
      backend ??= open();
      watch?.fromClient(bytes);
      if (backend.write(bytes)) return;
      visitor.pause();
      backend.once('drain', () => visitor.resume());
    },
    onFull: () => visitor.pause(),
    onReady: () => {
      logins.forget(line);
      visitor.resume();
    },
    onNonsense: () => {
      visitor.close();
      line.close();
    },
  });
  const line: BackendConnection = {
    fromClient: startup.fromClient,
    close: () => {
      isClosed = true;
      logins.forget(line);
      backend?.destroy();
    },
  };
  return line;
}
