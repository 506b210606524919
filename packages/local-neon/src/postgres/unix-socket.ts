/** The Unix socket of our PostgreSQL server. */
import { join } from 'node:path';

/** PostgreSQL's name for the socket of port 5432. */
export const SOCKET_NAME = '.s.PGSQL.5432';

export function socketPath(folder: string): string {
  return join(folder, SOCKET_NAME);
}

/** Complete options for `pg`, which takes a missing one from the environment (PGPORT). */
export function socketOptions(folder: string): { host: string; port: number; ssl: false; options: string } {
  // `pg` takes an empty string for a missing option.
  return { host: folder, port: 5432, ssl: false, options: ' ' };
}
