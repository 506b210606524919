/** A local port that forwards each connection to PostgreSQL over TLS, for the gateway, which does not use TLS. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';

import { isLoopback } from '@todo/client';

import type { OpenDatabase } from './database-url.ts';
import { addressOf, requestTls, type PlainPostgres } from './plain-postgres.ts';

/**
 * Whether connections to the server use TLS: `sslmode` as in libpq, but on this machine only if `sslmode` requires it.
 * https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-SSLMODE-STATEMENTS
 */
export function usesTls(url: string, { offersTls }: PlainPostgres): boolean {
  const mode = sslMode(url);
  if (mode !== undefined && MODES_WITH_TLS.has(mode)) return true;
  return offersTls && !isLoopback(url) && mode !== 'disable' && mode !== 'allow';
}

const MODES_WITH_TLS = new Set(['require', 'no-verify', 'verify-ca', 'verify-full']);

function sslMode(url: string): string | undefined {
  return new URL(url.trim()).searchParams.get('sslmode') ?? undefined;
}

/**
 * Starts a relay and resolves to the URL of the same database through it, without TLS. Rejects when the server offers no TLS, or its
 * certificate does not satisfy `sslmode`.
 */
export async function openTlsRelay(url: string): Promise<OpenDatabase> {
  const options = await tlsOptions(url);
  const connectUpstream = () => connectSecurely(url, options);
  // A first connection fails with the cause; the gateway could only report a closed connection.
  (await connectUpstream()).destroy();
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    sockets.add(client);
    client.on('error', () => {});
    client.once('close', () => sockets.delete(client));
    connectUpstream().then(
      (upstream) => forwardBytes(client, upstream),
      () => client.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: relayUrl(url, port),
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** TLS options as in libpq: `verify-full` checks certificate and host, `verify-ca` only the certificate, other modes neither. */
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
  if (!(await requestTls(socket))) {
    socket.destroy();
    throw new Error('The server does not support SSL connections');
  }
  const secure = connectTls({ ...options, socket });
  // Rejects on `error`.
  await once(secure, 'secureConnect');
  return secure;
}

/** Forwards in both directions until one side closes. */
function forwardBytes(client: Socket, upstream: TLSSocket): void {
  upstream.on('error', () => {});
  upstream.once('close', () => client.destroy());
  client.once('close', () => upstream.destroy());
  client.pipe(upstream);
  upstream.pipe(client);
}

function relayUrl(url: string, port: number): string {
  const relayed = new URL(url.trim());
  relayed.host = `127.0.0.1:${port}`;
  for (const name of ['sslmode', 'sslrootcert', 'channel_binding']) relayed.searchParams.delete(name);
  return relayed.href;
}
