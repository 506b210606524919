/** The path and the options for the Unix socket of our PostgreSQL server. */
import { join } from 'node:path';

/** The path of the socket, which PostgreSQL names after the port. */
export function socketPath(folder: string): string {
  return join(folder, '.s.PGSQL.5432');
}

/** Complete options for `pg`, which takes a missing one from the environment (PGPORT). */
export function socketOptions(folder: string): { host: string; port: number; ssl: false; options: string } {
  // `pg` takes an empty string for a missing option.
  return { host: folder, port: 5432, ssl: false, options: ' ' };
}
