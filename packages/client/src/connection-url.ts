/** What a PostgreSQL connection string says. A wrong one is described and never repeated, for it holds a password. */

/**
 * There is no connection string, or one that cannot be used. The message says which part is wrong and what to do; it
 * contains nothing of the string itself.
 */
export class DatabaseUrlError extends Error {
  override readonly name = 'DatabaseUrlError';
  readonly code: 'DATABASE_URL_MISSING' | 'DATABASE_URL_INVALID';

  constructor(code: DatabaseUrlError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Reads a connection string, without white space around it.
 * @param name What an error calls it. Default: `DATABASE_URL`.
 * @throws {DatabaseUrlError} when there is none, or when user, password, host or database cannot be read from it.
 */
export function parseConnectionUrl(text: string | undefined, name = 'DATABASE_URL'): URL {
  const url = readConnectionString(text, name);
  const lack = findLack(url);
  if (lack !== undefined) throw invalidUrl(name, lack);
  return new URL(url);
}

/**
 * The connection string without white space around it, in which nothing is mistyped. It may lack a part that psql would take from
 * somewhere else, a password say.
 * @throws {DatabaseUrlError} when there is none, or when it is mistyped.
 */
export function readConnectionString(text: string | undefined, name = 'DATABASE_URL'): string {
  // A caller without types may have something else.
  const url = typeof text === 'string' ? text.trim() : '';
  if (url === '') {
    throw new DatabaseUrlError(
      'DATABASE_URL_MISSING',
      `${name} is not set. Copy the connection string from the Neon console into .env, as DATABASE_URL=postgresql://…,` +
        ' or run `pnpm db:dev` for a Neon on this machine.',
    );
  }
  const typo = findTypo(url);
  if (typo !== undefined) throw invalidUrl(name, typo);
  return url;
}

/** @param fault What is wrong, as the rest of a sentence. It repeats nothing of the string. */
export function invalidUrl(name = 'DATABASE_URL', fault: string): DatabaseUrlError {
  return new DatabaseUrlError(
    'DATABASE_URL_INVALID',
    `${name} ${fault}. It reads postgresql://USER:PASSWORD@HOST/DATABASE; copy it from the Neon console.`,
  );
}

/** What stands in a connection string, unescaped. Drivers get these fields: their own readings of a string differ. */
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

/** The connection string as it may be shown: the password is `***`, parameters are left out. Never throws. */
export function maskUrl(url: string): string {
  const parsed = readable(url);
  if (parsed === undefined) return '(a connection string that cannot be read)';
  const { protocol, username, host, pathname } = parsed;
  return `${protocol}//${username}:***@${host}${pathname}`;
}

/** Whether the connection string names this machine. One that cannot be read does not. */
export function isLoopback(url: string): boolean {
  const parsed = readable(url);
  return parsed !== undefined && isLoopbackHost(parsed.hostname);
}

/** Whether a host name, as `URL` gives it, is this machine by definition rather than by somebody's DNS. */
export function isLoopbackHost(hostname: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(hostname);
}

/** The host behind Neon's pooler, which loses locks and settings between statements; undefined when this is not the pooler's. */
export function directHostOf({ hostname }: Pick<URL, 'hostname'>): string | undefined {
  const [endpoint = '', ...domain] = hostname.split('.');
  if (!endpoint.endsWith('-pooler')) return undefined;
  return [endpoint.slice(0, -'-pooler'.length), ...domain].join('.');
}

/** For a URL of another scheme. */
export function hostAndPort(host: string, port: string | number): string {
  return `${host}:${port === '' ? 5432 : port}`;
}

// What examples have in place of values, and the stars behind which a console hides the password.
const PLACEHOLDER =
  /[:/@](?:<[^>]*>|\[(?![\da-f]*:)[^\]]*\]|\$\{|\{\{|\*+@|\.\.\.|your[-_])|…|\/\/USER:|:PASSWORD@|@HOST[:/]|@ep-(?:name|xx)/;

/** The `sslmode`s that make do without encryption. */
const PLAIN_TEXT = new Set(['disable', 'allow', 'prefer']);

// PostgreSQL's drivers let these parameters override what stands before the `?`. A database that looks local
// must not turn out to be another one.
const OVERRIDES = ['host', 'hostaddr', 'port', 'user', 'password', 'database', 'dbname', 'db'];

function readable(url: unknown): URL | undefined {
  const text = typeof url === 'string' ? url.trim() : '';
  return (findTypo(text) ?? findLack(text)) === undefined ? new URL(text) : undefined;
}

function findTypo(url: string): string | undefined {
  if (/^psql\b/i.test(url)) return 'begins with `psql`: keep only what begins with postgresql://';
  if (/^['"]|['"]$/.test(url)) return 'is in quotes: remove them';
  if (PLACEHOLDER.test(url)) return 'still has a placeholder in it: put the real value there';
  if (/\s/.test(url)) return 'contains white space';
  // It would end a field of the startup packet.
  if (/\0|%00/.test(url)) return 'contains the character U+0000';
  if (!/^postgres(ql)?:\/\//.test(url)) return 'does not begin with postgresql://';
  if (url.includes('#')) return 'contains a #: in a password, write it as %23';
  if (!isDecodable(url)) return 'contains a % that begins no escape: in a password, write it as %25';
  const { authority, path } = partsOf(url);
  if (authority.split('@').length > 2) return 'has an unescaped @ in its password: write it as %40';
  return path.includes('@') ? NO_USER : undefined;
}

const NO_USER = 'names no user, or has an unescaped / or ? in its password: write them as %2F and %3F';

/** What Neon's drivers cannot do without. */
function findLack(url: string): string | undefined {
  const { authority } = partsOf(url);
  if (!authority.includes('@')) return NO_USER;
  if (/@(:\d*)?$/.test(authority)) return 'names no host';
  if (!URL.canParse(url)) return 'has a host or a port that cannot be read';
  const { username, password, pathname, searchParams } = new URL(url);
  if (username === '') return 'names no user';
  if (password === '') return 'holds no password';
  if (pathname.length < 2) return 'names no database';
  const override = OVERRIDES.find((name) => searchParams.has(name));
  if (override !== undefined) return `has a parameter \`${override}\`: say it before the \`?\``;
  if (PLAIN_TEXT.has(searchParams.get('sslmode') ?? '') && !isLoopbackHost(new URL(url).hostname)) {
    return 'turns TLS off, and names a host that is not this machine: remove its `sslmode`, or set it to `verify-full`';
  }
  return undefined;
}

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
