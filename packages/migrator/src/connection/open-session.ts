/** One session on a database, over Neon's WebSocket where that is spoken, else over PostgreSQL's own protocol. */
import { connectSession, type OwnSession, type SessionOptions } from '@todo/client/session';

import { connectPg } from './connect-pg.ts';
import { findPassword } from './password.ts';
import { NEON } from './route.ts';
import { speaksNeon } from './speaks-neon.ts';
import { readTarget, type Target, toUrl } from './target.ts';

export interface OpenOptions extends SessionOptions {
  /** Told once it is connected how that was chosen, such as `Connected over TCP: no Neon protocol is spoken there.` */
  readonly onConnect?: (route: string) => void;
}

/**
 * Opens a session, connected when the promise resolves. Neon is asked over its WebSocket, and so is every server that answers it; any
 * other PostgreSQL over TCP or a Unix socket, as psql would. A pooled connection string leads around Neon's pooler.
 * @throws {DatabaseUrlError} when the connection string is missing or wrong.
 */
export async function openSession(url: string | undefined, options: OpenOptions = {}): Promise<OwnSession> {
  const { onConnect = () => {} } = options;
  const target = readTarget(url);
  if (target.isNeon || (await speaksNeon(target))) {
    const session = await connectSession(await withPassword(target), options);
    onConnect(NEON);
    return session;
  }
  const client = await connectPg(url, { ...options, reason: 'no Neon protocol is spoken there' });
  const close = () => client.end();
  return { query: (text, params) => client.query(text, params), close, [Symbol.asyncDispose]: close };
}

/** Neon's driver reads neither a variable nor a file. */
async function withPassword(target: Target): Promise<string> {
  const password = await findPassword(target);
  return toUrl({ ...target, password }, new URL(target.url).searchParams);
}
