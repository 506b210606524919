/** A connection string and the variables beside it, parameter by parameter, with the names that libpq has for them. */
import { connectionFields, readConnectionString } from '@todo/client/connection-url';

import { invalidUrl, invalidSetting } from './invalid-url.ts';
import type { LibpqEnvironment } from './libpq-environment.ts';

export interface Parameters {
  /** What the connection string says, else what libpq's variable says. An empty value counts as none. */
  readonly valueOf: (name: string) => string | undefined;
  /** What the connection string itself says. */
  readonly written: (name: string) => string | undefined;
  /** Those after the `?` for which a URL has no place of their own. */
  readonly others: URLSearchParams;
}

/** For these a URL has a place of its own. psql takes them as parameters, too. */
const PLACES = ['host', 'port', 'user', 'password', 'dbname'];

/** @throws {DatabaseUrlError} when there is none, when it is mistyped, or asks for something that is not supported. */
export function readParameters(text: string | undefined, { variables }: LibpqEnvironment): Parameters {
  const url = parse(readConnectionString(text));
  const placed = placesOf(url);
  const others = new URLSearchParams(url.searchParams);
  for (const name of PLACES) {
    others.delete(name);
    // One of both would be a surprise, and the database another one than it looks.
    if (placed[name] !== undefined && url.searchParams.has(name)) {
      throw invalidUrl(`has a parameter \`${name}\`, and says it before the \`?\`, too: keep one of them`);
    }
  }
  const written = (name: string) => placed[name] ?? (url.searchParams.get(name) || undefined);
  const valueOf = (name: string) => written(name) ?? variables[name];
  refuseUnsupported(valueOf);
  return { valueOf, written, others };
}

/** A URL must have a host; a connection string need not. */
const NO_HOST = 'no-host.invalid';

function parse(written: string): URL {
  const url = written.replace(/^(postgres(?:ql)?:\/\/(?:[^/?@]*@)?)(?=[:/?]|$)/, `$1${NO_HOST}`);
  if (!URL.canParse(url)) throw invalidUrl('has a host or a port that cannot be read');
  return new URL(url);
}

function placesOf(url: URL): Readonly<Record<string, string | undefined>> {
  const { host, user, password, database } = connectionFields(url);
  return {
    host: host === NO_HOST ? undefined : decodeURIComponent(host).replace(/^\[(.*)\]$/, '$1'),
    port: url.port || undefined,
    user: user || undefined,
    password: password || undefined,
    dbname: database || undefined,
  };
}

/** They change where a connection goes, or how safe it is. */
const UNSUPPORTED = [
  'hostaddr',
  'service',
  'passfile',
  'require_auth',
  'requirepeer',
  'sslcrl',
  'sslcrldir',
  'sslcertmode',
  'ssl_min_protocol_version',
  'ssl_max_protocol_version',
];

function refuseUnsupported(valueOf: Parameters['valueOf']): void {
  const name = UNSUPPORTED.find((one) => valueOf(one) !== undefined);
  if (name !== undefined) throw unsupported(name);
  if (valueOf('sslnegotiation') === 'direct') throw unsupported('sslnegotiation=direct');
  if (valueOf('gssencmode') === 'require') throw unsupported('gssencmode=require');
  if (valueOf('host')?.includes(',')) throw unsupported('several hosts');
}

function unsupported(what: string): Error {
  return invalidSetting(`asks for ${what}, which is not supported here: remove it`);
}
