/** Opens a session over Neon's WebSocket if the server supports that, else over PostgreSQL's own protocol. */
import { connectSession, type OwnSession } from '@todo/client/session';

import { connectPg, type PgOptions } from './connect-pg.ts';
import { findPassword } from './password.ts';
import { speaksNeon } from './speaks-neon.ts';
import { readTarget, type Target, toUrl } from './target.ts';

export type OpenOptions = Omit<PgOptions, 'reason'>;

/**
 * Opens a session, and resolves when it is connected. Uses Neon's WebSocket if the server accepts it, else TCP or a Unix socket, like psql.
 * For a pooled connection string, it connects to Neon's direct host.
 * @throws {DatabaseUrlError} if the connection string is missing or invalid.
 */
export async function openSession(url: string | undefined, options: OpenOptions = {}): Promise<OwnSession> {
  const { onConnect = () => {} } = options;
  const target = readTarget(url);
  if (target.isNeon || (await speaksNeon(target))) {
    const session = await connectSession(await addPassword(target), options);
    onConnect("Connected over Neon's WebSocket.");
    return session;
  }
  const client = await connectPg(url, { ...options, reason: 'the server does not speak Neon’s protocol' });
  const close = () => client.end();
  return { query: (text, params) => client.query(text, params), close, [Symbol.asyncDispose]: close };
}

/** Adds the password to the URL, because Neon's driver reads neither variables nor files. */
async function addPassword(target: Target): Promise<string> {
  const password = await findPassword(target);
  return toUrl({ ...target, password }, new URL(target.url).searchParams);
}
