/** Where the driver's connections arrive: Neon serves both transports on 443, whatever port the URL names. */
import { once } from 'node:events';
import type { Socket } from 'node:net';

import { isLoopback } from '@todo/client';

import type { Context } from '../../check.ts';

export interface FrontDoor {
  readonly host: string;
  readonly port: number;
  /** Whether TLS is spoken from the first byte. */
  readonly isSecure: boolean;
}

export function frontDoor({ url, clientUrl }: Pick<Context, 'url' | 'clientUrl'>): FrontDoor {
  const { hostname, port } = new URL(url.trim());
  const host = hostname.replaceAll(/^\[|\]$/g, '');
  // On this machine, or behind a gateway of ours.
  const isPlain = isLoopback(url) || clientUrl !== url;
  return isPlain ? { host, port: Number(port || 5432), isSecure: false } : { host, port: 443, isSecure: true };
}

/** Longer than a compute needs to wake; shorter than anybody waits. */
const LIMIT_MS = 5000;

/** Waits for the event that says that a connection stands. Fails with the socket's error, or with `ETIMEDOUT` after 5 s. */
export async function arrive(socket: Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  const late = setTimeout(() => {
    const error = new Error(`no connection within ${LIMIT_MS} ms`);
    socket.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
  }, LIMIT_MS);
  try {
    await once(socket, event);
  } finally {
    clearTimeout(late);
  }
}
