/** Reads the parameters of a connection string and of libpq's variables, under libpq's names. */
import { connectionFields, readConnectionString } from '@todo/client/connection-url';

import { invalidUrl, invalidSetting } from './invalid-url.ts';
import type { LibpqEnvironment } from './libpq-environment.ts';

export interface Parameters {
  /** Returns the value of the connection string, else that of libpq's variable. An empty value counts as absent. */
  readonly valueOf: (name: string) => string | undefined;
  /** Returns the value of the connection string only. */
  readonly urlValueOf: (name: string) => string | undefined;
  /** The parameters after the `?` that are not part of the authority or path of a URL. */
  readonly otherParameters: URLSearchParams;
}

/** Parameters that are part of the authority or path of a URL. psql also accepts them after the `?`. */
const URL_PARTS = ['host', 'port', 'user', 'password', 'dbname'];

/** @throws {DatabaseUrlError} if the connection string is missing, is invalid, or uses an unsupported parameter. */
export function readParameters(text: string | undefined, { variables }: LibpqEnvironment): Parameters {
  const url = parseUrl(readConnectionString(text));
  const urlParts = urlPartsOf(url);
  const otherParameters = new URLSearchParams(url.searchParams);
  for (const name of URL_PARTS) {
    otherParameters.delete(name);
    // Two values for one parameter would be ambiguous, and could name an unexpected database.
    if (urlParts[name] !== undefined && url.searchParams.has(name)) {
      throw invalidUrl(`has the parameter \`${name}\` and also a value before the \`?\`: keep one of them`);
    }
  }
  const urlValueOf = (name: string) => urlParts[name] ?? (url.searchParams.get(name) || undefined);
  const valueOf = (name: string) => urlValueOf(name) ?? variables[name];
  refuseUnsupported(valueOf);
  return { valueOf, urlValueOf, otherParameters };
}

/** A placeholder for a connection string without a host: JavaScript's URL must have one. */
const NO_HOST = 'no-host.invalid';

function parseUrl(connectionString: string): URL {
  // Inserts the host after `postgresql://user:password@`, if a port, a path, parameters or nothing follow.
  const url = connectionString.replace(/^(postgres(?:ql)?:\/\/(?:[^/?@]*@)?)(?=[:/?]|$)/, `$1${NO_HOST}`);
  if (!URL.canParse(url))
    throw invalidUrl('has a host or a port that cannot be read: write postgresql://user:password@host:port/database');
  return new URL(url);
}

/** The values of the parts of a URL, under libpq's names. IPv6 addresses have no brackets. */
function urlPartsOf(url: URL): Readonly<Record<string, string | undefined>> {
  const { host, user, password, database } = connectionFields(url);
  return {
    host: host === NO_HOST ? undefined : decodeURIComponent(host).replace(/^\[(.*)\]$/, '$1'),
    port: url.port || undefined,
    user: user || undefined,
    password: password || undefined,
    dbname: database || undefined,
  };
}

/** Parameters that are refused: they change the server or the safety of a connection, so they must not be ignored. */
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
  const name = UNSUPPORTED.find((parameter) => valueOf(parameter) !== undefined);
  if (name !== undefined) throw unsupportedError(name);
  if (valueOf('sslnegotiation') === 'direct') throw unsupportedError('sslnegotiation=direct');
  if (valueOf('gssencmode') === 'require') throw unsupportedError('gssencmode=require');
  if (valueOf('host')?.includes(',')) throw unsupportedError('several hosts');
}

function unsupportedError(setting: string): Error {
  return invalidSetting(`asks for ${setting}, which these commands do not support: remove it`);
}
