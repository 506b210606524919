/** A socket for small answers: left alone, one reserves 64 KiB for whatever arrives, which costs as much as to read the answer. */
import { type OnReadOpts, Socket, type SocketConstructorOpts } from 'node:net';

/** For all of them: what arrives is copied out before anything else can. */
const ARRIVING = Buffer.allocUnsafe(65_536);

/** Not connected yet. It emits `data`; the other parts of a readable stream are left out. */
export function createOnreadSocket(): Socket {
  const onread: OnReadOpts = {
    buffer: ARRIVING,
    callback: (bytes) => {
      socket.emit('data', Buffer.from(ARRIVING.subarray(0, bytes)));
      return true;
    },
  };
  // Missing from the types: https://nodejs.org/api/net.html#new-netsocketoptions
  const socket = new Socket({ onread } as SocketConstructorOpts);
  return socket;
}
