/** The password for a server that asks for one. */
import pgpass from 'pgpass';

import type { Target } from './target.ts';

/**
 * That of the connection string or of PGPASSWORD, else that of the file which PGPASSFILE names or `~/.pgpass`, else undefined. A file that
 * others may read is not used, and the reason is printed.
 */
export async function findPassword(target: Target): Promise<string | undefined> {
  const { port, user, database } = target;
  if (target.password !== undefined) return target.password;
  // libpq calls the standard folder of sockets `localhost` in that file.
  const host = STANDARD_FOLDERS.has(target.host) ? 'localhost' : target.host;
  return new Promise((resolve) => pgpass({ host, port, user, database }, resolve));
}

const STANDARD_FOLDERS = new Set(['/var/run/postgresql', '/tmp']);

/** @throws an error with the code `NO_PASSWORD` where there is none. */
export async function requirePassword(target: Target): Promise<string> {
  const password = await findPassword(target);
  if (password !== undefined) return password;
  throw Object.assign(new Error(`the server asks for a password of ${target.user}, and none is given`), {
    code: 'NO_PASSWORD',
  });
}
