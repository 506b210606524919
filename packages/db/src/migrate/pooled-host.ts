/** Neon's pooler, known by its host name. It serves queries well, and loses locks and settings between statements. */
import { MigrationError } from './migration-error.ts';

const SUFFIX = '-pooler';

/** The host behind the pooler; undefined when the connection string names none. */
export function directHostOf({ hostname }: URL): string | undefined {
  const [endpoint = '', ...domain] = hostname.split('.');
  if (!endpoint.endsWith(SUFFIX)) return undefined;
  return [endpoint.slice(0, -SUFFIX.length), ...domain].join('.');
}

/** @throws {MigrationError} `POOLED_HOST`, naming the host to use instead. */
export function refusePooledHost(url: URL): void {
  const direct = directHostOf(url);
  if (direct === undefined) return;
  throw new MigrationError(
    'POOLED_HOST',
    `${url.hostname} is a pooler, which loses locks and settings between statements. Migrate through ${direct}:` +
      ' set DATABASE_URL_UNPOOLED to the same connection string with that host.',
  );
}
