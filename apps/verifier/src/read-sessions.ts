/** Read-only sessions, opened on demand and reused, because connecting takes longer than a query. */
import { connectSession, type OwnSession, type Session, type SessionOptions } from '@todo/client';
import pLimit from 'p-limit';

import type { ReadGuard } from './read-guard.ts';
import type { RunReadOnly } from './schema-comparison.ts';

export interface ReadSessions {
  readonly read: RunReadOnly;
  readonly close: () => Promise<void>;
}

/** Enough for all queries in a few round trips, and few enough for a small compute. */
const SESSIONS_MAX = 4;

/** Returns `read`, which runs its work with a session that no other work uses, and the function that closes all sessions. */
export function openReadSessions(url: string, guard: ReadGuard, options: SessionOptions): ReadSessions {
  const open = new Set<OwnSession>();
  const idle: OwnSession[] = [];
  const limitConcurrency = pLimit(SESSIONS_MAX);

  const connect = async (): Promise<OwnSession> => {
    const session = await connectSession(url, options);
    open.add(session);
    await session.query(SESSION_SETTINGS);
    return session;
  };
  const runWithSession: RunReadOnly = async (work) => {
    const session = idle.pop() ?? (await connect());
    try {
      const result = await work(guardSession(session, guard));
      idle.push(session);
      return result;
    } catch (error) {
      // The session may be in a failed transaction, so it is not reused.
      open.delete(session);
      await session.close();
      throw error;
    }
  };
  return {
    read: (work) => limitConcurrency(() => runWithSession(work)),
    close: async () => {
      await Promise.all([...open].map((session) => session.close()));
    },
  };
}

/** Session settings: no writes, no long statements, no long waits for locks, and no idle timeout during the run. */
const SESSION_SETTINGS = [
  'set default_transaction_read_only = on',
  'set statement_timeout = 15000',
  'set lock_timeout = 5000',
  'set idle_in_transaction_session_timeout = 60000',
  'set idle_session_timeout = 0',
].join('; ');

function guardSession(session: Session, guard: ReadGuard): Session {
  return {
    query: async (text, params) => {
      guard(text);
      return await session.query(text, params);
    },
  };
}
