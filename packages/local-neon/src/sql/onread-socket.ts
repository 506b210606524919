/** Creates a socket with `onread`: an ordinary socket allocates 64 KiB for each read, as costly as a small response. */
import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';

/** Shared by all sockets: the bytes of a read are copied before the next read can begin. */
const READ_BUFFER = Buffer.allocUnsafe(65_536);

/** Returns a socket that is not connected yet. It emits `data`, and nothing else of a readable stream. */
export function createOnreadSocket(): Socket {
  const onread: OnReadOpts = {
    buffer: READ_BUFFER,
    callback: (bytes) => {
      socket.emit('data', Buffer.from(READ_BUFFER.subarray(0, bytes)));
      return true;
    },
  };
  // Missing from the types: https://nodejs.org/api/net.html#new-netsocketoptions
  const socket = new Socket({ onread } as SocketConstructorOpts);
  return socket;
}
