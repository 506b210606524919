/** Finds the password for a server that requires one. */
import pgpass from 'pgpass';

import type { Target } from './target.ts';

/**
 * Returns the password of the connection string or of PGPASSWORD, else that of the file PGPASSFILE or `~/.pgpass`, else undefined. A file
 * that other users may read is not used, and the reason is printed.
 */
export async function findPassword(target: Target): Promise<string | undefined> {
  const { port, user, database } = target;
  if (target.password !== undefined) return target.password;
  // In that file, libpq names the default folder of Unix sockets `localhost`.
  const host = STANDARD_FOLDERS.has(target.host) ? 'localhost' : target.host;
  return new Promise((resolve) => pgpass({ host, port, user, database }, resolve));
}

const STANDARD_FOLDERS = new Set(['/var/run/postgresql', '/tmp']);

/** Returns the password. @throws an error with the code `NO_PASSWORD` if none is set. */
export async function requirePassword(target: Target): Promise<string> {
  const password = await findPassword(target);
  if (password !== undefined) return password;
  const error = new Error(`the server asks for the password of ${target.user}, and the connection string has none`);
  throw Object.assign(error, { code: 'NO_PASSWORD' });
}
