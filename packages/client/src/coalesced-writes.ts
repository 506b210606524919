/**
 * Sends the messages of one statement (Parse, Bind, Describe, Execute, Sync) in one WebSocket frame. By default the driver sends five
 * frames, each with a system call at both ends. The driver's option `coalesceWrites` waits for a timer, which takes a millisecond. The
 * driver writes all five messages before the event loop turns, so it is enough to wait for the end of the current task. `pnpm bench
 * db-frames` measures the three ways; `docs/benchmarks.md` has the numbers.
 */
import type { Client } from '@neondatabase/serverless';

/** Makes a client send all messages of one task in one frame. */
export function coalesceWrites(client: Client): void {
  // The driver's types do not have its WebSocket.
  const socket = client.neonConfig as Client['neonConfig'] & {
    readonly ws: Pick<WebSocket, 'readyState' | 'send'> | null;
  };
  let pending: Uint8Array[] = [];
  const send = () => {
    const frame = concatenate(pending);
    pending = [];
    try {
      if (socket.ws?.readyState === OPEN && frame.length > 0) socket.ws.send(frame);
    } catch (error) {
      // A microtask has no caller that could catch the error. Without the event, the statement would wait for its time limit.
      socket.emit('error', error);
    }
  };
  socket.rawWrite = (bytes) => {
    // The first message of a task schedules the frame.
    if (pending.push(bytes) === 1) queueMicrotask(send);
  };
  const end = socket.end.bind(socket);
  socket.end = (...endArguments) => {
    // Flush now: the driver closes the WebSocket in the same task, and PostgreSQL would not get the Terminate message.
    send();
    return end(...endArguments);
  };
}

/** https://websockets.spec.whatwg.org/#dom-websocket-readystate */
const OPEN = 1;

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
