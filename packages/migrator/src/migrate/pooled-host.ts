/** Neon's pooler, known by its host name. It serves queries well, and loses locks and settings between statements. */
import { directHostOf } from '@todo/client/connection-url';
import { MigrationError } from './migration-error.ts';

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
