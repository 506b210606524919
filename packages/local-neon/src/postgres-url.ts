/** Reads and writes URLs of PostgreSQL databases. */

/**
 * The URL in a form that `URL` can parse; undefined when the text is not a PostgreSQL URL. libpq accepts a URL without
 * a host (`postgresql://user:password@/todo?host=/folder`, for a socket). Such a URL gets the host `localhost`, which
 * `?host=` overrides.
 */
export function toPostgresUrl(text: string): string | undefined {
  const url = text.replace('@/', '@localhost/');
  return /^postgres(ql)?:\/\//.test(url) && URL.canParse(url) ? url : undefined;
}

export function databaseOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1));
}

/** The URL of another database on the same server. */
export function withDatabase(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = encodeURIComponent(database);
  return other.href;
}

/** The URL of a database behind a port of this machine. */
export function localUrl(port: number, login: Record<'user' | 'password' | 'database', string>): string {
  const [name, secret, path] = [login.user, login.password, login.database].map(encodeURIComponent);
  return `postgresql://${name}:${secret}@localhost:${port}/${path}`;
}
