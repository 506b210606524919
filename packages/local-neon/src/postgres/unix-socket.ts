/** The path and the options for the Unix socket of our PostgreSQL server. */
import { join } from 'node:path';

/** The path of the socket, which PostgreSQL names after the port. */
export function socketPath(folder: string): string {
  return join(folder, '.s.PGSQL.5432');
}

/** Complete options for `pg`: it takes a missing option from an environment variable, such as PGPORT. */
export function socketOptions(folder: string): { host: string; port: number; ssl: false; options: string } {
  // Not '': `pg` takes an empty text for a missing option, and would read PGOPTIONS.
  return { host: folder, port: 5432, ssl: false, options: ' ' };
}
