/**
 * Ports that a test closes and expects to stay closed, or opens again. A port from the operating system could be given to another process
 * meanwhile.
 */
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that operating systems assign. Each process has its own range, because a process needs only a few dozen. */
let next = 20_000 + (process.pid % 240) * 50;

/** A port on which nothing listens and that no other test uses. */
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
