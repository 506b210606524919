/**
 * The PostgreSQL sessions behind `/sql`. A session serves one request at a time and is washed before the next
 * (`DISCARD ALL`), so that nothing outlives a request; and the password is checked at every request, also when a session of
 * that role is idle.
 */
import { createHash } from 'node:crypto';
import { connect } from 'node:net';

import { Client } from 'pg';

import { throughSocket } from '../postgres/own-socket.ts';
import type { PostgresServer } from '../postgres/postgres-server.ts';
import { createStoredPasswords } from './stored-passwords.ts';
import { createTurnstile } from './turnstile.ts';
import { wash } from './wash.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface SessionPool {
  /**
   * Runs `work` on a session of its own.
   *
   * Throws the server's `DatabaseError` when it does not let the credentials in, and what `work` throws. When `signal`
   * aborts, the running statement is cancelled.
   */
  use<T>(credentials: Credentials, signal: AbortSignal, work: (client: Client) => Promise<T>): Promise<T>;
  /** Ends the idle sessions of a database, which would stand in the way of cloning it. */
  evict(database: string): Promise<void>;
  close(): Promise<void>;
}

interface PooledSession {
  readonly client: Client;
  readonly key: string;
  readonly database: string;
  /** The stored password (`pg_authid`) that this session's own was proved against. */
  readonly verifier: string | null;
  idleTimer?: NodeJS.Timeout;
}

/** PostgreSQL has 200 for everybody; a request that finds all of these busy waits for one. */
const BUSY_SESSIONS_MAX = 100;
/** In all, whatever the roles and databases: a session costs a process. */
const IDLE_SESSIONS_MAX = 32;
/** Short: an idle session keeps its database from being cloned or dropped, and PostgreSQL waits 5 s for it to go. */
const IDLE_TIMEOUT_MS = 2000;
const TOO_MANY_CONNECTIONS = '53300';
const QUERY_CANCELED = '57014';

export function createSessionPool(server: PostgresServer): SessionPool {
  const idle: PooledSession[] = [];
  const washing = new Map<Promise<void>, string>();
  const turnstile = createTurnstile(BUSY_SESSIONS_MAX);
  const storedPasswords = createStoredPasswords(server.admin);

  const end = async (session: PooledSession): Promise<void> => {
    clearTimeout(session.idleTimer);
    const index = idle.indexOf(session);
    if (index >= 0) idle.splice(index, 1);
    await session.client.end().catch(() => {});
  };

  const washedNext = (key: string): Promise<void> | undefined =>
    [...washing].find(([, keyOfWashed]) => keyOfWashed === key)?.[0];

  const checkOut = async (credentials: Credentials): Promise<PooledSession> => {
    const key = sessionKey(credentials);
    const verifier = await storedPasswords.read(credentials.user);
    const takeIdle = (): PooledSession | undefined => {
      const found = idle.findLast((session) => session.key === key && session.verifier === verifier);
      if (!found) return undefined;
      clearTimeout(found.idleTimer);
      idle.splice(idle.indexOf(found), 1);
      return found;
    };
    let found = takeIdle();
    // A wash takes a hundredth of what a login takes; who asks again at once gets the session that served before.
    for (let washed = washedNext(key); !found && washed; washed = washedNext(key)) {
      await washed;
      found = takeIdle();
    }
    if (found) return found;
    for (;;) {
      try {
        const client = await connectClient(server.socketFolder, credentials);
        const session = { client, key, verifier, database: credentials.database };
        client.once('end', () => void end(session));
        return session;
      } catch (error) {
        const oldest = idle[0];
        if ((error as { code?: string }).code !== TOO_MANY_CONNECTIONS || !oldest) throw error;
        await end(oldest);
      }
    }
  };

  const checkIn = async (session: PooledSession): Promise<void> => {
    try {
      await wash(session.client);
    } catch {
      return end(session);
    }
    const oldest = idle.length >= IDLE_SESSIONS_MAX ? idle[0] : undefined;
    idle.push(session);
    session.idleTimer = setTimeout(() => void end(session), IDLE_TIMEOUT_MS).unref();
    if (oldest) await end(oldest);
  };

  const use: SessionPool['use'] = async (credentials, signal, work) => {
    await turnstile.enter(signal);
    const session = await checkOut(credentials).catch((error: unknown) => {
      turnstile.leave();
      throw error;
    });
    const cancel = (): void => cancelQuery(server.socketFolder, session.client);
    signal.addEventListener('abort', cancel, { once: true });
    let isDoubtful = true;
    try {
      signal.throwIfAborted();
      const result = await work(session.client);
      isDoubtful = signal.aborted;
      return result;
    } catch (error) {
      const { code } = error as { code?: string };
      // A cancel that came late would hit whatever the session runs next.
      isDoubtful = code === undefined || (signal.aborted && code !== QUERY_CANCELED);
      throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
      if (isDoubtful) cancel();
      // Washed after the answer has gone out.
      const washed = (isDoubtful ? end(session) : checkIn(session)).finally(() => {
        washing.delete(washed);
        turnstile.leave();
      });
      washing.set(washed, session.key);
    }
  };

  return {
    use,
    evict: async (database) => {
      await Promise.all(washing.keys());
      await Promise.all(idle.filter((session) => session.database === database).map(end));
    },
    close: async () => {
      await Promise.all(washing.keys());
      await Promise.all([...idle].map(end));
    },
  };
}

/** The password goes in as a hash: a key may be held for seconds, a password should not. */
function sessionKey({ user, password, database }: Credentials): string {
  return createHash('sha256')
    .update(JSON.stringify([user, password, database]))
    .digest('base64');
}

async function connectClient(socketFolder: string, { user, password, database }: Credentials): Promise<Client> {
  const client = new Client({ ...throughSocket(socketFolder), user, password, database });
  // Lost while idle: the pool hears of it by `end`.
  client.on('error', () => {});
  await client.connect();
  return client;
}

/** https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS */
function cancelQuery(socketFolder: string, client: Client): void {
  const { processID, secretKey } = client as unknown as { processID: number; secretKey: number };
  const packet = Buffer.alloc(16);
  packet.writeInt32BE(16, 0);
  packet.writeInt32BE(80877102, 4);
  packet.writeInt32BE(processID, 8);
  packet.writeInt32BE(secretKey, 12);
  const socket = connect(`${socketFolder}/.s.PGSQL.5432`);
  // Nothing to cancel where there is nobody to ask.
  socket.on('error', () => {});
  socket.end(packet);
}
