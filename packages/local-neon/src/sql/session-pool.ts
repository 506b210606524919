/**
 * The PostgreSQL sessions behind `/sql`. A session serves one request at a time and is washed before the next
 * (`DISCARD ALL`), so that nothing outlives a request; and the password is checked at every request, also when a session of
 * that role is idle.
 */
import type { PostgresServer } from '../postgres/postgres-server.ts';
import { watchForAbort } from './abort-watch.ts';
import { connectSession, type Credentials, type Session } from './session.ts';
import { isPasswordOf } from './scram.ts';
import { createStoredPasswords, type StoredPassword } from './stored-passwords.ts';
import { createSemaphore } from './semaphore.ts';

export interface SessionPool {
  /**
   * Runs `work` on a session of its own.
   *
   * Throws the server's `DatabaseError` when it does not let the credentials in, and what `work` throws. When the signal
   * aborts, what takes long is cancelled.
   */
  use<T>(credentials: Credentials, signalOf: () => AbortSignal, work: (session: Session) => Promise<T>): Promise<T>;
  /** Ends the idle sessions of a database, which would stand in the way of cloning it. */
  evict(database: string): Promise<void>;
  close(): Promise<void>;
}

interface PooledSession {
  readonly session: Session;
  credentials: Credentials;
  /** The stored password (`pg_authid`) that the credentials were proved against. */
  stored: StoredPassword;
  /** Set anew whenever it becomes idle; one that is busy is let be. */
  readonly idleTimer: NodeJS.Timeout;
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
  const washing = new Map<PooledSession, Promise<void>>();
  const turnstile = createSemaphore(BUSY_SESSIONS_MAX);
  const storedPasswords = createStoredPasswords(server.admin, { mayLockRoles: server.isOwn });

  const end = async (pooled: PooledSession): Promise<void> => {
    clearTimeout(pooled.idleTimer);
    const index = idle.indexOf(pooled);
    if (index >= 0) idle.splice(index, 1);
    await pooled.session.end();
  };

  const washedNext = (credentials: Credentials): Promise<void> | undefined => {
    for (const [pooled, washed] of washing) if (areSame(pooled.credentials, credentials)) return washed;
    return undefined;
  };

  const takeIdle = (isFit: (pooled: PooledSession) => boolean): PooledSession | undefined => {
    const found = idle.findLast(isFit);
    if (!found) return undefined;
    idle.splice(idle.indexOf(found), 1);
    return found;
  };

  /** A session of the role's whose password was changed since: as on Neon, the new one is proved here and nobody logs in anew. */
  const takeProving = async (credentials: Credentials, stored: StoredPassword): Promise<PooledSession | undefined> => {
    const { roleId, verifier } = stored;
    const isOfRole = (pooled: PooledSession): boolean =>
      pooled.stored.roleId === roleId && pooled.credentials.database === credentials.database;
    if (roleId === null || verifier === null || !idle.some(isOfRole)) return undefined;
    const found = (await isPasswordOf(verifier, credentials.password)) ? takeIdle(isOfRole) : undefined;
    return found && Object.assign(found, { credentials, stored });
  };

  const takeProved = (credentials: Credentials, { verifier }: StoredPassword): PooledSession | undefined =>
    takeIdle((pooled) => pooled.stored.verifier === verifier && areSame(pooled.credentials, credentials));

  const checkOut = async (credentials: Credentials, stored: StoredPassword): Promise<PooledSession> => {
    let found: PooledSession | undefined;
    // A wash takes a hundredth of what a login takes; who asks again at once gets the session that served before.
    while (!found) {
      const washed = washedNext(credentials);
      if (!washed) break;
      await washed;
      found = takeProved(credentials, stored);
    }
    found ??= await takeProving(credentials, stored);
    if (found) return found;
    for (;;) {
      try {
        const session = await connectSession(server.socketFolder, credentials);
        const endIdle = (): void => void (idle.includes(pooled) && end(pooled));
        const idleTimer = setTimeout(endIdle, IDLE_TIMEOUT_MS).unref();
        const pooled: PooledSession = { session, credentials, stored, idleTimer };
        void session.ended.then(() => end(pooled));
        return pooled;
      } catch (error) {
        const oldest = idle[0];
        if ((error as { code?: string }).code !== TOO_MANY_CONNECTIONS || !oldest) throw error;
        await end(oldest);
      }
    }
  };

  const checkIn = (pooled: PooledSession): void => {
    const oldest = idle.length >= IDLE_SESSIONS_MAX ? idle[0] : undefined;
    idle.push(pooled);
    pooled.idleTimer.refresh();
    if (oldest) void end(oldest);
  };

  /** While its answer goes out it is washed; of one that is in doubt nothing is kept. */
  const giveBack = (pooled: PooledSession, isDoubtful: boolean): void => {
    const leave = (): void => {
      washing.delete(pooled);
      turnstile.leave();
    };
    const retire = (): Promise<void> => end(pooled).then(leave);
    const stay = (): void => {
      checkIn(pooled);
      leave();
    };
    if (isDoubtful) pooled.session.cancel();
    washing.set(
      pooled,
      isDoubtful ? retire() : pooled.session.wash().then((isWashed) => (isWashed ? stay() : retire())),
    );
  };

  const use: SessionPool['use'] = async (credentials, signalOf, work) => {
    const turn = turnstile.enter(signalOf);
    // Whoever need not wait for anything does not: each `await` costs.
    if (turn) await turn;
    let pooled: PooledSession;
    try {
      const read = storedPasswords.read(credentials.user);
      const stored = read instanceof Promise ? await read : read;
      pooled = takeProved(credentials, stored) ?? (await checkOut(credentials, stored));
    } catch (error) {
      turnstile.leave();
      throw error;
    }
    const watch = watchForAbort(pooled.session, signalOf);
    let isDoubtful = true;
    try {
      const result = await work(pooled.session);
      isDoubtful = watch.cancels() > 0;
      return result;
    } catch (error) {
      const { code } = error as { code?: string };
      const isCancelled = code === QUERY_CANCELED && watch.cancels() === 1;
      // A cancel that came late would hit whatever the session runs next.
      isDoubtful = code === undefined || (watch.cancels() > 0 && !isCancelled);
      throw error;
    } finally {
      watch.stop();
      giveBack(pooled, isDoubtful);
    }
  };

  return {
    use,
    evict: async (database) => {
      await Promise.all(washing.values());
      await Promise.all(idle.filter(({ credentials }) => credentials.database === database).map(end));
    },
    close: async () => {
      await Promise.all(washing.values());
      await Promise.all([...idle].map(end));
    },
  };
}

function areSame(a: Credentials, b: Credentials): boolean {
  return a === b || (a.user === b.user && a.password === b.password && a.database === b.database);
}
