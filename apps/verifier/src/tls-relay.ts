/** PostgreSQL's TLS for the gateway, which speaks without: a port on this machine behind which each connection is encrypted. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';

import { isLoopback } from '@todo/client';

import { addressOf, askForTls, type PlainPostgres } from './plain-postgres.ts';

export interface TlsRelay {
  /** The same database, without TLS, for the length of the relay. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/**
 * Whether a connection to that server is encrypted: `sslmode` as libpq reads it, but for a server on this machine only where it is
 * demanded. https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-SSLMODE-STATEMENTS
 */
export function wantsTls(url: string, { offersTls }: PlainPostgres): boolean {
  const mode = sslMode(url);
  if (mode !== undefined && DEMANDING.has(mode)) return true;
  return offersTls && !isLoopback(url) && mode !== 'disable' && mode !== 'allow';
}

const DEMANDING = new Set(['require', 'no-verify', 'verify-ca', 'verify-full']);

function sslMode(url: string): string | undefined {
  return new URL(url.trim()).searchParams.get('sslmode') ?? undefined;
}

/** Rejects when the server offers no TLS, or its certificate is not what `sslmode` demands. */
export async function openTlsRelay(url: string): Promise<TlsRelay> {
  const options = await tlsOptions(url);
  const secure = () => connectSecurely(url, options);
  // What is wrong is said now, and not to the gateway, which could only tell that a connection ended.
  (await secure()).destroy();
  const sockets = new Set<Socket>();
  const server = createServer((visitor) => {
    sockets.add(visitor);
    visitor.on('error', () => {});
    visitor.once('close', () => sockets.delete(visitor));
    secure().then(
      (upstream) => join(visitor, upstream),
      () => visitor.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: withoutTls(url, port),
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function tlsOptions(url: string): Promise<ConnectionOptions> {
  const mode = sslMode(url);
  const { host } = addressOf(url);
  const rootCertificate = new URL(url.trim()).searchParams.get('sslrootcert');
  return {
    host,
    ...(isIP(host) === 0 && { servername: host }),
    rejectUnauthorized: mode === 'verify-full' || mode === 'verify-ca',
    ...(mode === 'verify-ca' && { checkServerIdentity: () => undefined }),
    ...(rootCertificate !== null && rootCertificate !== 'system' && { ca: await readFile(rootCertificate) }),
  };
}

async function connectSecurely(url: string, options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect(addressOf(url));
  if (!(await askForTls(socket))) {
    socket.destroy();
    throw new Error('The server does not support SSL connections');
  }
  const secure = connectTls({ ...options, socket });
  // Rejects when an `error` comes first.
  await once(secure, 'secureConnect');
  return secure;
}

/** Until one of them ends. */
function join(visitor: Socket, upstream: TLSSocket): void {
  upstream.on('error', () => {});
  upstream.once('close', () => visitor.destroy());
  visitor.once('close', () => upstream.destroy());
  visitor.pipe(upstream);
  upstream.pipe(visitor);
}

function withoutTls(url: string, port: number): string {
  const relayed = new URL(url.trim());
  relayed.host = `127.0.0.1:${port}`;
  for (const name of ['sslmode', 'sslrootcert', 'channel_binding']) relayed.searchParams.delete(name);
  return relayed.href;
}
