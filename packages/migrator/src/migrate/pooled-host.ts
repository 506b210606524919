/** Recognizes Neon's pooler by its host name. A pooler loses locks and settings between statements. */
import { directHostOf } from '@todo/client/connection-url';
import { MigrationError } from './migration-error.ts';

/** @throws {MigrationError} `POOLED_HOST`, with the host to use instead. */
export function refusePooledHost(hostname: string): void {
  const direct = directHostOf({ hostname });
  if (direct === undefined) return;
  throw new MigrationError(
    'POOLED_HOST',
    `${hostname} is a pooler, which loses locks and settings between statements. Migrate through ${direct}:` +
      ' set DATABASE_URL_UNPOOLED to the same connection string with that host.',
  );
}
