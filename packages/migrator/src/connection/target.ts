/** Reads the server and the database of a connection string as psql does. */
import { existsSync } from 'node:fs';

import { isLoopbackHost } from '@todo/client/connection-url';

import { readParameters } from './connection-string.ts';
import { invalidSetting, requireOneOf } from './invalid-url.ts';
import { type LibpqEnvironment, libpqEnvironment } from './libpq-environment.ts';
import { readTls, type Tls } from './tls.ts';

const CHANNEL_BINDINGS = ['disable', 'prefer', 'require'] as const;

export interface Target {
  /** A host name, an IP address without brackets, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** Undefined if neither the connection string nor PGPASSWORD has a password. */
  readonly password: string | undefined;
  readonly database: string;
  readonly isSocket: boolean;
  /** Whether the server is on this machine. */
  readonly isLocal: boolean;
  readonly isNeon: boolean;
  readonly applicationName: string | undefined;
  readonly options: string | undefined;
  /** 0 means no timeout. */
  readonly connectTimeoutMs: number | undefined;
  readonly channelBinding: (typeof CHANNEL_BINDINGS)[number];
  readonly tls: Tls;
  /** The target as a URL with host, user and database. Contains the password only if the connection string has one. */
  readonly url: string;
}

/**
 * Reads a connection string. Missing parameters come from libpq's variables, else from libpq's defaults.
 * @throws {DatabaseUrlError} if the connection string is missing, is invalid, or uses an unsupported parameter.
 */
export function readTarget(text: string | undefined, environment: LibpqEnvironment = libpqEnvironment()): Target {
  const { valueOf, urlValueOf, otherParameters } = readParameters(text, environment);
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
    connectTimeoutMs: toMilliseconds(valueOf('connect_timeout')),
    channelBinding: requireOneOf('channel_binding', valueOf('channel_binding') ?? 'prefer', CHANNEL_BINDINGS),
    tls: readTls(valueOf, server),
    url: toUrl({ host, port, user, database, password: urlValueOf('password') }, otherParameters),
  };
}

function readPort(text = '5432'): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535)
    throw invalidSetting('has a port that cannot be read: use a number from 1 to 65535');
  return port;
}

/** The socket folder of Debian or of PostgreSQL that has a socket for this port; else `localhost`, like a libpq without Unix sockets. */
function defaultHost(port: number): string {
  return ['/var/run/postgresql', '/tmp'].find((folder) => existsSync(`${folder}/.s.PGSQL.${port}`)) ?? 'localhost';
}

function toMilliseconds(seconds: string | undefined): number | undefined {
  return seconds !== undefined && /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1000 : undefined;
}

type UrlParts = Pick<Target, 'host' | 'port' | 'user' | 'password' | 'database'>;

/** Writes a URL. A Unix socket's folder becomes the escaped host. The port is always written: otherwise PGPORT could change it. */
export function toUrl({ host, port, user, password, database }: UrlParts, parameters: URLSearchParams): string {
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`;
  const server = host.startsWith('/') ? encodeURIComponent(host) : bracketIpv6(host);
  const query = parameters.size === 0 ? '' : `?${parameters}`;
  return `postgresql://${encodeURIComponent(user)}${secret}@${server}:${port}/${encodeURIComponent(database)}${query}`;
}

/** Whether the connection string names a server on this machine. False if the connection string is invalid. */
export function isLocal(url: string): boolean {
  return tryReadTarget(url)?.isLocal ?? false;
}

/** The connection string for messages: the password is `***`, and parameters are left out. Never throws. */
export function maskUrl(url: string): string {
  const target = tryReadTarget(url);
  if (target === undefined) return '(a connection string that cannot be read)';
  const { user, host, port, database, isSocket } = target;
  const password = new URL(target.url).password === '' ? '' : ':***';
  const server = isSocket ? '' : `${bracketIpv6(host)}${port === 5432 ? '' : `:${port}`}`;
  const folder = isSocket ? `?host=${host}${port === 5432 ? '' : `&port=${port}`}` : '';
  return `postgresql://${encodeURIComponent(user)}${password}@${server}/${encodeURIComponent(database)}${folder}`;
}

function tryReadTarget(url: string): Target | undefined {
  try {
    return readTarget(url);
  } catch {
    return undefined;
  }
}

function bracketIpv6(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
