/** The server and the database that a connection string leads to, read as psql reads it. */
import { existsSync } from 'node:fs';

import { isLoopbackHost } from '@todo/client/connection-url';

import { readParameters } from './connection-string.ts';
import { invalidSetting, oneOf } from './invalid-url.ts';
import { type LibpqEnvironment, libpqEnvironment } from './libpq-environment.ts';
import { readTls, type Tls } from './tls.ts';

export interface Target {
  /** A name, an address without brackets, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Undefined when neither the connection string nor PGPASSWORD has one. */
  readonly password: string | undefined;
  readonly database: string;
  readonly isSocket: boolean;
  /** Whether the server is on this machine. */
  readonly isLocal: boolean;
  readonly isNeon: boolean;
  readonly applicationName: string | undefined;
  readonly options: string | undefined;
  /** 0 is for ever. */
  readonly connectTimeoutMs: number | undefined;
  readonly channelBinding: 'disable' | 'prefer' | 'require';
  readonly tls: Tls;
  /** The same as a URL that names host, user and database. A password is in it where the connection string has one. */
  readonly url: string;
}

/**
 * Reads a connection string. What it does not name comes from libpq's variables, else from libpq's defaults.
 * @throws {DatabaseUrlError} when there is none, when it is mistyped, or asks for something that is not supported.
 */
export function readTarget(text: string | undefined, environment: LibpqEnvironment = libpqEnvironment()): Target {
  const { valueOf, written, others } = readParameters(text, environment);
  const port = readPort(valueOf('port'));
  const host = valueOf('host') ?? defaultHost(port);
  const user = valueOf('user') ?? environment.userName;
  const database = valueOf('dbname') ?? user;
  const isSocket = host.startsWith('/');
  const server = {
    isLocal: isSocket || host === '::1' || isLoopbackHost(host),
    isNeon: /\.neon\.(tech|build)$/i.test(host),
    certificateFolder: environment.certificateFolder,
  };
  return {
    host,
    port,
    user,
    password: valueOf('password'),
    database,
    isSocket,
    isLocal: server.isLocal,
    isNeon: server.isNeon,
    applicationName: valueOf('application_name'),
    options: valueOf('options'),
    connectTimeoutMs: milliseconds(valueOf('connect_timeout')),
    channelBinding: oneOf('channel_binding', valueOf('channel_binding') ?? 'prefer', ['disable', 'prefer', 'require']),
    tls: readTls(valueOf, server),
    url: toUrl({ host, port, user, database, password: written('password') }, others),
  };
}

function readPort(text = '5432'): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) throw invalidSetting('has a port that cannot be read');
  return port;
}

/** Where Debian and where PostgreSQL itself put the socket; without one, as libpq that has none. */
function defaultHost(port: number): string {
  return ['/var/run/postgresql', '/tmp'].find((folder) => existsSync(`${folder}/.s.PGSQL.${port}`)) ?? 'localhost';
}

function milliseconds(seconds: string | undefined): number | undefined {
  return seconds !== undefined && /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}

type Place = Pick<Target, 'host' | 'port' | 'user' | 'password' | 'database'>;

/**
 * Also of a socket: its folder stands in place of the host, escaped. The standard port is written out: PGPORT may name another, and the
 * URL is read again.
 */
export function toUrl({ host, port, user, password, database }: Place, parameters: URLSearchParams): string {
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`;
  const server = host.startsWith('/') ? encodeURIComponent(host) : bracketed(host);
  const query = parameters.size === 0 ? '' : `?${parameters}`;
  return `postgresql://${encodeURIComponent(user)}${secret}@${server}:${port}/${encodeURIComponent(database)}${query}`;
}

/** Whether the connection string leads to this machine. One that cannot be read does not. */
export function isLocal(url: string): boolean {
  return readOrNothing(url)?.isLocal ?? false;
}

/** The connection string as it may be shown: the password is `***`, parameters are left out. Never throws. */
export function maskUrl(url: string): string {
  const target = readOrNothing(url);
  if (target === undefined) return '(a connection string that cannot be read)';
  const { user, host, port, database, isSocket } = target;
  const password = new URL(target.url).password === '' ? '' : ':***';
  const server = isSocket ? '' : `${bracketed(host)}${portOf(port)}`;
  const folder = isSocket ? `?host=${host}${port === 5432 ? '' : `&port=${port}`}` : '';
  return `postgresql://${encodeURIComponent(user)}${password}@${server}/${encodeURIComponent(database)}${folder}`;
}

function readOrNothing(url: string): Target | undefined {
  try {
    return readTarget(url);
  } catch {
    return undefined;
  }
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function portOf(port: number): string {
  return port === 5432 ? '' : `:${port}`;
}
