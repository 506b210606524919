/**
 * What the driver writes for one statement (Parse, Bind, Describe, Execute, Sync) as one WebSocket frame. Without this there are five, each
 * with a system call at either end. The driver's own way, `coalesceWrites`, waits for a timer, and so for a millisecond. All
 * five are written before the event loop turns, so that waiting for the end of the current task is enough. `pnpm bench db-frames` measures
 * the three ways side by side; `docs/benchmarks.md` has its numbers.
 */
import type { Client } from '@neondatabase/serverless';

export function coalesceWrites(client: Client): void {
  // Its WebSocket is missing from the driver's types.
  const socket = client.neonConfig as Client['neonConfig'] & {
    readonly ws: Pick<WebSocket, 'readyState' | 'send'> | null;
  };
  let pending: Uint8Array[] = [];
  const send = () => {
    const frame = joined(pending);
    pending = [];
    if (socket.ws?.readyState === OPEN && frame.length > 0) socket.ws.send(frame);
  };
  socket.rawWrite = (bytes) => {
    if (pending.push(bytes) === 1) queueMicrotask(send);
  };
  const end = socket.end.bind(socket);
  socket.end = (...last) => {
    // It closes the WebSocket in the same task: PostgreSQL would not hear the goodbye.
    send();
    return end(...last);
  };
}

/** https://websockets.spec.whatwg.org/#dom-websocket-readystate */
const OPEN = 1;

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
