/** Ports for tests that close a port, or open it again. The system could give a free port of its own range to another process meanwhile. */
import { once } from 'node:events';
import { createServer } from 'node:net';

/** The ports are below the range that systems assign, and differ per process, which uses at most a few dozen. */
let next = 20_000 + (process.pid % 240) * 50;

/** A port without a listener, which no other process will use. */
export async function privatePort(): Promise<number> {
  const port = next;
  next += 1;
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch {
    return privatePort();
  }
  await once(server.close(), 'close');
  return port;
}
