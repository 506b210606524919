/** The host and port that the driver connects to. Neon serves both transports on 443, whatever port the URL names. */
import { once } from 'node:events';
import type { Socket } from 'node:net';

import { isLoopback } from '@todo/client';

import type { Context } from '../../check.ts';
import { addressOf } from '../../plain-postgres.ts';

/** The endpoint of the driver. `isSecure`: whether the connection starts with TLS. */
export function driverEndpoint({ url, clientUrl }: Pick<Context, 'url' | 'clientUrl'>) {
  const { host, port } = addressOf(url);
  // The database is on this machine or behind the verifier's gateway.
  const isUnencrypted = isLoopback(url) || clientUrl !== url;
  return isUnencrypted ? { host, port, isSecure: false } : { host, port: 443, isSecure: true };
}

/** Longer than a suspended compute needs to start. */
const LIMIT_MS = 5000;

/** Waits until the connection is established. Rejects with the socket's error, or with `ETIMEDOUT` after 5 s. */
export async function waitForConnection(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  const timer = setTimeout(() => {
    const error = new Error(`no connection within ${LIMIT_MS} ms`);
    socket.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
  }, LIMIT_MS);
  try {
    await once(socket, event);
  } finally {
    clearTimeout(timer);
  }
}
