/** Parses PostgreSQL connection strings. An error describes the problem and never repeats the string, which contains a password. */

/** The connection string is missing or cannot be used. The message says which part is wrong and what to do, and repeats no part. */
export class DatabaseUrlError extends Error {
  override readonly name = 'DatabaseUrlError';
  readonly code: 'DATABASE_URL_MISSING' | 'DATABASE_URL_INVALID';

  constructor(code: DatabaseUrlError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Parses a connection string and ignores white space around it.
 * @param name The name of the string in an error. Default: `DATABASE_URL`.
 * @throws {DatabaseUrlError} when the string is missing, or has no readable user, password, host or database.
 */
export function parseConnectionUrl(text: string | undefined, name = 'DATABASE_URL'): URL {
  const url = readConnectionString(text, name);
  const problem = findUrlProblem(url);
  if (problem !== undefined) throw invalidUrl(name, problem);
  return new URL(url);
}

/**
 * Checks a connection string for mistakes and returns it without white space around it. A part that psql can read from another place, such
 * as the password, may be missing.
 * @throws {DatabaseUrlError} when the string is missing or malformed.
 */
export function readConnectionString(text: string | undefined, name = 'DATABASE_URL'): string {
  // A JavaScript caller may pass another type.
  const url = typeof text === 'string' ? text.trim() : '';
  if (url === '') {
    const message =
      `${name} is not set. Copy the connection string from the Neon console into .env, as DATABASE_URL=postgresql://…,` +
      ' or run `pnpm db:dev` for a Neon on this machine.';
    throw new DatabaseUrlError('DATABASE_URL_MISSING', message);
  }
  const problem = findSyntaxProblem(url);
  if (problem !== undefined) throw invalidUrl(name, problem);
  return url;
}

/** The error for an unusable string. `problem` is the rest of a sentence that begins with `name`; it must not repeat any part of the string. */
export function invalidUrl(name = 'DATABASE_URL', problem: string): DatabaseUrlError {
  const message = `${name} ${problem}. The format is postgresql://USER:PASSWORD@HOST/DATABASE. Copy the string from the Neon console.`;
  return new DatabaseUrlError('DATABASE_URL_INVALID', message);
}

/** The fields of a connection string, unescaped. Each driver parses a string in its own way, so drivers get these fields instead. */
export function connectionFields(url: URL) {
  return {
    host: url.hostname,
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    application_name: url.searchParams.get('application_name') ?? undefined,
    options: url.searchParams.get('options') ?? undefined,
  };
}

/** The connection string for display: the password becomes `***`, parameters are left out. Never throws. */
export function maskUrl(url: string): string {
  const parsed = parseIfReadable(url);
  if (parsed === undefined) return '(a connection string that cannot be read)';
  const { protocol, username, host, pathname } = parsed;
  return `${protocol}//${username}:***@${host}${pathname}`;
}

/** Whether the connection string names this machine. False for a string that cannot be parsed. */
export function isLoopback(url: string): boolean {
  const parsed = parseIfReadable(url);
  return parsed !== undefined && isLoopbackHost(parsed.hostname);
}

/** Whether a host name, as `URL` returns it, is this machine by definition and not by a DNS entry. */
export function isLoopbackHost(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(hostname);
}

/** The host of the compute behind Neon's pooler, which loses locks and settings between statements. Undefined when the host is not a pooler. */
export function directHostOf({ hostname }: Pick<URL, 'hostname'>): string | undefined {
  const [endpoint = '', ...domain] = hostname.split('.');
  if (!endpoint.endsWith('-pooler')) return undefined;
  return [endpoint.slice(0, -'-pooler'.length), ...domain].join('.');
}

/** `host:port` for a URL of another scheme, such as `ws:`. An empty port means PostgreSQL's default port. */
export function hostAndPort(host: string, port: string | number): string {
  return `${host}:${port === '' ? 5432 : port}`;
}

// Placeholders from examples, and the asterisks that a console shows in place of the password.
const PLACEHOLDER =
  /[:/@](?:<[^>]*>|\[(?![\da-f]*:)[^\]]*\]|\$\{|\{\{|\*+@|\.\.\.|your[-_])|…|\/\/USER:|:PASSWORD@|@HOST[:/]|@ep-(?:name|xx)/;

/** The `sslmode`s that allow a connection without encryption. */
const UNENCRYPTED_MODES = new Set(['disable', 'allow', 'prefer']);

// PostgreSQL's drivers let these parameters override the part before the `?`. A URL that looks local must not connect to another database.
const OVERRIDES = ['host', 'hostaddr', 'port', 'user', 'password', 'database', 'dbname', 'db'];

function parseIfReadable(url: unknown): URL | undefined {
  const text = typeof url === 'string' ? url.trim() : '';
  return (findSyntaxProblem(text) ?? findUrlProblem(text)) === undefined ? new URL(text) : undefined;
}

/** The mistake in the text of the connection string, as the rest of a sentence; undefined when there is none. */
function findSyntaxProblem(url: string): string | undefined {
  if (/^psql\b/i.test(url)) return 'begins with `psql`: keep only the part that begins with postgresql://';
  if (/^['"]|['"]$/.test(url)) return 'is in quotes: remove them';
  if (PLACEHOLDER.test(url)) return 'still contains a placeholder: replace it by the real value';
  if (/\s/.test(url)) return 'contains white space';
  // The character U+0000 would end a field of the startup packet.
  if (/\0|%00/.test(url)) return 'contains the character U+0000';
  if (!/^postgres(ql)?:\/\//.test(url)) return 'does not begin with postgresql://';
  if (url.includes('#')) return 'contains a #: in a password, write it as %23';
  if (!isDecodable(url)) return 'contains a % that does not begin an escape: in a password, write it as %25';
  const { authority, path } = partsOf(url);
  if (authority.split('@').length > 2) return 'has an unescaped @ in its password: write it as %40';
  return path.includes('@') ? NO_USER : undefined;
}

const NO_USER = 'names no user, or has an unescaped / or ? in its password: write them as %2F and %3F';

/** The reason why Neon's drivers cannot use the URL, as the rest of a sentence; undefined when they can. */
function findUrlProblem(url: string): string | undefined {
  const { authority } = partsOf(url);
  if (!authority.includes('@')) return NO_USER;
  if (/@(:\d*)?$/.test(authority)) return 'names no host';
  if (!URL.canParse(url)) return 'has a host or a port that cannot be read';
  const { username, password, pathname, searchParams } = new URL(url);
  if (username === '') return 'names no user';
  if (password === '') return 'contains no password';
  if (pathname.length < 2) return 'names no database';
  const override = OVERRIDES.find((name) => searchParams.has(name));
  if (override !== undefined) return `has a parameter \`${override}\`: write it before the \`?\``;
  if (UNENCRYPTED_MODES.has(searchParams.get('sslmode') ?? '') && !isLoopbackHost(new URL(url).hostname)) {
    return 'allows a connection without TLS to a host that is not this machine: remove its `sslmode`, or set it to `verify-full`';
  }
  return undefined;
}

/** `user:password@host:port`, and the text after the `/` that follows it. Both without the parameters after the `?`. */
function partsOf(url: string): { authority: string; path: string } {
  const [beforeParameters = ''] = url.split('?');
  const [, , authority = '', ...path] = beforeParameters.split('/');
  return { authority, path: path.join('/') };
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
