/** A relay on this machine that delays all bytes, so that the database seems far away. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface FarAway extends AsyncDisposable {
  /** The URL of the same database through the relay. */
  readonly url: string;
}

/** The round trips before the first byte: the handshakes of TCP and of TLS 1.3. */
const HANDSHAKES = 2;

/** Starts a relay that delays all bytes by half of the round trip, and the first bytes also by the handshakes. */
export async function openFarAway(url: string, roundTripMs: number): Promise<FarAway> {
  const near = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const database = connect(Number(near.port), near.hostname);
    const readyAt = performance.now() + HANDSHAKES * roundTripMs;
    for (const [from, to] of [
      [client, database],
      [database, client],
    ] as const) {
      sockets.add(from.setNoDelay());
      from.on('data', async (bytes: Buffer) => {
        await delay(Math.max(0, readyAt - performance.now()) + roundTripMs / 2);
        to.write(bytes);
      });
      from.on('error', () => {});
      from.once('close', async () => {
        sockets.delete(from);
        await delay(roundTripMs / 2);
        to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const far = new URL(url);
  far.port = String((server.address() as AddressInfo).port);
  return {
    url: far.href,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
