/** Detects a PostgreSQL server without Neon's protocols, as in Docker, Debian and RDS. */
import { connect, type Socket } from 'node:net';

import { readTarget, speaksNeon } from '@todo/migrator/connection';

/** The time limit for a response. The checks report a server that takes longer. */
const TIMEOUT_MS = 5000;

export interface PlainPostgres {
  readonly offersTls: boolean;
}

/**
 * Tells whether the server responds like PostgreSQL, and has no WebSocket at the address that Neon's driver uses. Undefined
 * for other servers, an unreachable server and an invalid URL. Never throws.
 */
export async function findPlainPostgres(url: string): Promise<PlainPostgres | undefined> {
  try {
    const target = readTarget(url);
    if (target.isSocket || target.isNeon || (await speaksNeon(target))) return undefined;
    const socket = connect({ host: target.host, port: target.port });
    return { offersTls: await requestTls(socket).finally(() => socket.destroy()) };
  } catch {
    return undefined;
  }
}

/** The host and the port of a URL. An IPv6 address loses its brackets. */
export function addressOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url.trim());
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port || 5432) };
}

/** https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-SSLREQUEST */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/**
 * Sends SSLRequest on a new connection. Resolves to whether the server accepts TLS: PostgreSQL responds with `S` or `N`.
 *
 * @throws when the connection fails, when the server does not respond within 5 s, and for any other response.
 */
export async function requestTls(socket: Socket): Promise<boolean> {
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error(`No response within ${TIMEOUT_MS} ms`)));
  const response = await new Promise<string>((resolve, reject) => {
    socket.once('connect', () => socket.write(SSL_REQUEST));
    socket.once('data', (bytes) => resolve(bytes.toString('latin1')));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('Connection terminated unexpectedly')));
  });
  socket.setTimeout(0);
  if (response !== 'S' && response !== 'N') throw new Error('The server is not PostgreSQL');
  return response === 'S';
}
