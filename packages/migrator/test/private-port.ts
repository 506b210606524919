/**
 * Ports for what is closed in a test and found closed, or opened again at the same place. One that the system hands out could be somebody
 * else's by then.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below those that systems hand out by themselves, and for each process others: it asks for no more than some dozens. */
let next = 20_000 + (process.pid % 240) * 50;

/** A port at which nobody listens, and nobody will but who asked for it. */
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
