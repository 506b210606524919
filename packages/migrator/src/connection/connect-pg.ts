/** Connects over PostgreSQL's own protocol, to any server. */
import { Client, type ClientConfig } from 'pg';

import type { SessionOptions } from '@todo/client/session';
import { directHostOf } from '@todo/client/connection-url';

import { requireChannelBinding } from './channel-binding.ts';
import { requirePassword } from './password.ts';
import { readTarget, type Target } from './target.ts';
import { tlsOptions } from './tls.ts';

export interface PgOptions extends SessionOptions {
  /** Called after connecting, with the kind of connection, such as `Connected over TCP with TLS: …` */
  readonly onConnect?: (route: string) => void;
  /** Why Neon's driver is not used. */
  readonly reason: string;
}

/**
 * Connects a client of `pg`. Like libpq, `sslmode=prefer` tries again without TLS, and `sslmode=allow` tries again with TLS. For a pooled
 * connection string, it connects to Neon's direct host.
 * @throws {DatabaseUrlError} if the connection string is missing or invalid.
 */
export async function connectPg(url: string | undefined, options: PgOptions): Promise<Client> {
  const { onConnect = () => {}, reason } = options;
  const target = readTarget(url);
  const [first, second] = tlsAttempts(target);
  const client = await connectOrDestroy(newClient(target, first, options)).catch((error: unknown) => {
    if (second === undefined || !isTlsFailure(error)) throw error;
    return connectOrDestroy(newClient(target, second, options));
  });
  const route = `TCP ${isEncrypted(client) ? 'with' : 'without'} TLS: ${reason}`;
  onConnect(`Connected over ${target.isSocket ? 'a Unix socket' : route}.`);
  return client;
}

export function isEncrypted({ connection }: Client): boolean {
  return 'encrypted' in connection.stream;
}

async function connectOrDestroy(client: Client): Promise<Client> {
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.connection.stream.destroy();
    throw error;
  }
}

type Encryption = 'plain' | 'tls';

/** Whether to connect with TLS first, and whether the other way is tried if the server refuses this. */
function tlsAttempts({ isSocket, channelBinding, tls: { mode } }: Target): readonly [Encryption, Encryption?] {
  // A Unix socket has no TLS.
  if (isSocket) return ['plain'];
  if (mode === 'disable') return ['plain'];
  if (channelBinding === 'require') return ['tls'];
  if (mode === 'allow') return ['plain', 'tls'];
  return mode === 'prefer' ? ['tls', 'plain'] : ['tls'];
}

function newClient(target: Target, encryption: Encryption, sessionOptions: SessionOptions): Client {
  const { connectTimeoutMs = 10_000, applicationName } = sessionOptions;
  const { host, port, user, database, channelBinding, options } = target;
  const config: ClientConfig = {
    port,
    user,
    database,
    host: directHostOf({ hostname: host }) ?? host,
    password: () => requirePassword(target),
    ssl: encryption === 'tls' && tlsOptions(target.tls),
    enableChannelBinding: channelBinding !== 'disable',
    application_name: target.applicationName ?? applicationName,
    ...(options !== undefined && { options }),
    connectionTimeoutMillis: target.connectTimeoutMs ?? connectTimeoutMs,
    keepAlive: true,
  };
  const client = new Client(config);
  // A connection may close while no query waits for it. The next statement reports that; an `error` event without a listener would end
  // the process.
  client.on('error', () => {});
  if (channelBinding === 'require') requireChannelBinding(client);
  return client;
}

/** Whether the connection may have failed because of TLS: the server has none, requires it, or its certificate is not accepted. */
function isTlsFailure(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  return /^(28000|EPROTO|ERR_SSL_|ERR_TLS_|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code) || /SSL/.test(message);
}
