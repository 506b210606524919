/**
 * Pools the PostgreSQL sessions of `/sql`. A session serves one request at a time and is reset (`DISCARD ALL`) before
 * the next, so that no state passes from one request to another. The password is checked at every request, also for an
 * idle session.
 */
import type { PostgresServer } from '../postgres/postgres-server.ts';
import { type AbortWatch, watchForAbort } from './abort-watch.ts';
import {
  addIdle,
  areSameCredentials,
  endPooled,
  type IdleSessions,
  type PooledSession,
  poolSession,
  takeAfterPasswordCheck,
  takeMatching,
} from './idle-sessions.ts';
import { createSemaphore, type Semaphore } from './semaphore.ts';
import { connectSession, type Credentials, type Session } from './session.ts';
import { createStoredPasswords, type ReadStoredPassword, type StoredPassword } from './stored-passwords.ts';

export interface SessionPool {
  /**
   * Runs `work` in a session that no other request uses.
   *
   * Throws the server's `DatabaseError` when it refuses the credentials, and what `work` throws. When the signal
   * aborts, a statement that takes long is cancelled.
   */
  use<T>(credentials: Credentials, signalOf: () => AbortSignal, work: (session: Session) => Promise<T>): Promise<T>;
  /** Ends the idle sessions of a database: PostgreSQL does not clone a database that has sessions. */
  evict(database: string): Promise<void>;
  close(): Promise<void>;
}

interface PoolState {
  readonly server: PostgresServer;
  readonly idle: IdleSessions;
  /** The sessions between two requests, with a promise that resolves when the session is idle or has ended. */
  readonly resetting: Map<PooledSession, Promise<void>>;
  readonly busy: Semaphore;
  readonly readPassword: ReadStoredPassword;
}

/** A request waits when this many sessions are busy. PostgreSQL has 200 connections; WebSocket clients use the others. */
const BUSY_SESSIONS_MAX = 100;
const TOO_MANY_CONNECTIONS = '53300';
const QUERY_CANCELED = '57014';

export function createSessionPool(server: PostgresServer): SessionPool {
  const pool: PoolState = {
    server,
    idle: [],
    resetting: new Map(),
    busy: createSemaphore(BUSY_SESSIONS_MAX),
    readPassword: createStoredPasswords(server.admin, { mayLockRoles: server.isStartedByUs }),
  };
  return {
    use: (credentials, signalOf, work) => useSession(pool, credentials, signalOf, work),
    evict: (database) => endIdle(pool, ({ credentials }) => credentials.database === database),
    close: () => endIdle(pool, () => true),
  };
}

/** Takes a session, runs the work, and returns the session to the pool in the background. */
async function useSession<T>(
  pool: PoolState,
  credentials: Credentials,
  signalOf: () => AbortSignal,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const waiting = pool.busy.acquire(signalOf);
  // Without `await` when a session is free: this is the fast path.
  if (waiting) await waiting;
  let pooled: PooledSession;
  try {
    const read = pool.readPassword(credentials.user);
    const stored = read instanceof Promise ? await read : read;
    pooled = takeMatching(pool.idle, credentials, stored) ?? (await takeOrConnect(pool, credentials, stored));
  } catch (error) {
    pool.busy.release();
    throw error;
  }
  const watch = watchForAbort(pooled.session, signalOf);
  let isReusable = false;
  try {
    const result = await work(pooled.session);
    isReusable = watch.cancelCount() === 0;
    return result;
  } catch (error) {
    isReusable = isReusableAfter(error, watch);
    throw error;
  } finally {
    watch.stop();
    pool.resetting.set(pooled, returnSession(pool, pooled, isReusable));
  }
}

/** Whether the session can serve another request after an error. A cancel that is still on its way would hit the next statement. */
function isReusableAfter(error: unknown, watch: AbortWatch): boolean {
  const { code } = error as { code?: string };
  const isCancelled = code === QUERY_CANCELED && watch.cancelCount() === 1;
  return code !== undefined && (watch.cancelCount() === 0 || isCancelled);
}

/** Takes a session that a reset or a password check makes usable; else logs in. */
async function takeOrConnect(
  pool: PoolState,
  credentials: Credentials,
  stored: StoredPassword,
): Promise<PooledSession> {
  // Wait for a session that is being reset: a reset takes a hundredth of the time of a login.
  for (let reset = findReset(pool, credentials); reset; reset = findReset(pool, credentials)) {
    await reset;
    const found = takeMatching(pool.idle, credentials, stored);
    if (found) return found;
  }
  return (await takeAfterPasswordCheck(pool.idle, credentials, stored)) ?? connect(pool, credentials, stored);
}

function findReset({ resetting }: PoolState, credentials: Credentials): Promise<void> | undefined {
  for (const [pooled, reset] of resetting) if (areSameCredentials(pooled.credentials, credentials)) return reset;
  return undefined;
}

/** Logs in. When PostgreSQL has no connection left, idle sessions are ended until it has one. */
async function connect(
  { server, idle }: PoolState,
  credentials: Credentials,
  stored: StoredPassword,
): Promise<PooledSession> {
  for (;;) {
    try {
      const session = await connectSession(server.socketFolder, credentials);
      return poolSession(idle, session, credentials, stored);
    } catch (error) {
      const oldest = idle[0];
      if ((error as { code?: string }).code !== TOO_MANY_CONNECTIONS || !oldest) throw error;
      await endPooled(idle, oldest);
    }
  }
}

/** Resets a session and makes it idle, while the response is sent. Ends a session that is not reusable. */
async function returnSession(
  { idle, resetting, busy }: PoolState,
  pooled: PooledSession,
  isReusable: boolean,
): Promise<void> {
  if (!isReusable) pooled.session.cancel();
  if (isReusable && (await pooled.session.reset())) addIdle(idle, pooled);
  else await endPooled(idle, pooled);
  resetting.delete(pooled);
  busy.release();
}

/** Ends idle sessions, also those whose reset is running now. */
async function endIdle({ idle, resetting }: PoolState, shouldEnd: (pooled: PooledSession) => boolean): Promise<void> {
  await Promise.all(resetting.values());
  await Promise.all(idle.filter(shouldEnd).map((pooled) => endPooled(idle, pooled)));
}
