/** Manages idle sessions: which request may take which session, and when an idle session ends. */
import { isPasswordOf } from './scram.ts';
import type { Credentials, Session } from './session.ts';
import type { StoredPassword } from './stored-passwords.ts';

export interface PooledSession {
  readonly session: Session;
  credentials: Credentials;
  /** The stored password (`pg_authid`) that the credentials matched. */
  stored: StoredPassword;
  /** Restarted whenever the session becomes idle. Has no effect on a busy session. */
  readonly idleTimer: NodeJS.Timeout;
}

/** The session that became idle last is at the end. */
export type IdleSessions = PooledSession[];

/** The limit for all roles and databases together: each session costs a process. */
const IDLE_SESSIONS_MAX = 32;
/** Less than 5 s, for which PostgreSQL waits until a database that is to be cloned or dropped has no sessions. */
const IDLE_TIMEOUT_MS = 2000;

/** Wraps a new session, which is busy. The session ends when it has been idle for 2 s. */
export function poolSession(
  idle: IdleSessions,
  session: Session,
  credentials: Credentials,
  stored: StoredPassword,
): PooledSession {
  const endIfIdle = (): void => void (idle.includes(pooled) && endPooled(idle, pooled));
  const idleTimer = setTimeout(endIfIdle, IDLE_TIMEOUT_MS).unref();
  const pooled: PooledSession = { session, credentials, stored, idleTimer };
  void session.ended.then(() => endPooled(idle, pooled));
  return pooled;
}

/** Makes a session idle. If there are too many idle sessions, the oldest ends. */
export function addIdle(idle: IdleSessions, pooled: PooledSession): void {
  const oldest = idle.length >= IDLE_SESSIONS_MAX ? idle[0] : undefined;
  idle.push(pooled);
  pooled.idleTimer.refresh();
  if (oldest) void endPooled(idle, oldest);
}

/** Ends a session, idle or busy. */
export async function endPooled(idle: IdleSessions, pooled: PooledSession): Promise<void> {
  clearTimeout(pooled.idleTimer);
  const index = idle.indexOf(pooled);
  if (index >= 0) idle.splice(index, 1);
  await pooled.session.end();
}

/** Takes an idle session that was used with these credentials, if the stored password has not changed since. */
export function takeMatching(
  idle: IdleSessions,
  credentials: Credentials,
  { verifier }: StoredPassword,
): PooledSession | undefined {
  return takeLast(
    idle,
    (pooled) => pooled.stored.verifier === verifier && areSameCredentials(pooled.credentials, credentials),
  );
}

/** Takes an idle session of the same role and database, after a check of the password. As on Neon, a changed password needs no new login. */
export async function takeAfterPasswordCheck(
  idle: IdleSessions,
  credentials: Credentials,
  stored: StoredPassword,
): Promise<PooledSession | undefined> {
  const { roleId, verifier } = stored;
  const isOfRole = (pooled: PooledSession): boolean =>
    pooled.stored.roleId === roleId && pooled.credentials.database === credentials.database;
  if (roleId === null || verifier === null || !idle.some(isOfRole)) return undefined;
  const found = (await isPasswordOf(verifier, credentials.password)) ? takeLast(idle, isOfRole) : undefined;
  return found && Object.assign(found, { credentials, stored });
}

export function areSameCredentials(a: Credentials, b: Credentials): boolean {
  return a === b || (a.user === b.user && a.password === b.password && a.database === b.database);
}

function takeLast(idle: IdleSessions, matches: (pooled: PooledSession) => boolean): PooledSession | undefined {
  const found = idle.findLast(matches);
  if (!found) return undefined;
  idle.splice(idle.indexOf(found), 1);
  return found;
}
