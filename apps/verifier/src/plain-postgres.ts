/** A PostgreSQL that speaks no Neon protocol, as Docker, Debian and RDS run it: how it is told from a Neon. */
import { connect, type Socket } from 'node:net';

import { readTarget, speaksNeon, type Target } from '@todo/migrator/connection';

/** How long to wait for an answer; who is silent for longer is left to the checks, which name it. */
const TIMEOUT_MS = 5000;

export interface PlainPostgres {
  readonly offersTls: boolean;
}

/**
 * Defined only for a server that answers as PostgreSQL does and has no WebSocket where Neon's driver would look for it. What
 * cannot be reached, or read, is none. Never throws.
 */
export async function findPlainPostgres(url: string): Promise<PlainPostgres | undefined> {
  const target = targetOf(url);
  if (target === undefined || target.isSocket || target.isNeon || (await speaksNeon(target))) return undefined;
  const socket = connect({ host: target.host, port: target.port });
  const answer = await askForTls(socket).catch(() => undefined);
  socket.destroy();
  return answer === undefined ? undefined : { offersTls: answer };
}

function targetOf(url: string): Target | undefined {
  try {
    return readTarget(url);
  } catch {
    return undefined;
  }
}

export function addressOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url.trim());
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port || 5432) };
}

/** https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-SSLREQUEST */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/**
 * Whether the server on a new connection goes on in TLS. PostgreSQL alone answers with one letter, S or N.
 *
 * Throws when the connection fails, when nothing comes in 5 s, and when it is something else that comes.
 */
export async function askForTls(socket: Socket): Promise<boolean> {
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error(`No answer within ${TIMEOUT_MS} ms`)));
  const answer = await new Promise<string>((resolve, reject) => {
    socket.once('connect', () => socket.write(SSL_REQUEST));
    socket.once('data', (bytes) => resolve(bytes.toString('latin1')));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('Connection terminated unexpectedly')));
  });
  socket.setTimeout(0);
  if (answer !== 'S' && answer !== 'N') throw new Error('What answers there is no PostgreSQL');
  return answer === 'S';
}
