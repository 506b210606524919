/** Sessions that only read: opened when they are needed and used again, because to connect takes longer than to ask. */
import { connectSession, type OwnSession, type Session } from '@todo/client';

import type { ReadGuard } from './read-guard.ts';
import type { ReadOnly } from './schema-comparison.ts';
import { createSlots } from './slots.ts';

export interface ReadSessions {
  readonly read: ReadOnly;
  readonly close: () => Promise<void>;
}

export interface ReadSessionsOptions {
  readonly guard: ReadGuard;
  readonly connectTimeoutMs: number;
}

/** Enough to have all asked in a few round trips; no more than a small compute has to spare. */
const SESSIONS = 4;

/** Each `read` has a session to itself for as long as it takes. */
export function openReadSessions(url: string, { guard, connectTimeoutMs }: ReadSessionsOptions): ReadSessions {
  const open = new Set<OwnSession>();
  const idle: OwnSession[] = [];
  const turn = createSlots(SESSIONS);

  const connect = async (): Promise<OwnSession> => {
    const session = await connectSession(url, { connectTimeoutMs });
    open.add(session);
    await session.query(READING);
    return session;
  };
  const lend: ReadOnly = async (work) => {
    const session = idle.pop() ?? (await connect());
    try {
      const answer = await work(guarded(session, guard));
      idle.push(session);
      return answer;
    } catch (error) {
      // It may be in the middle of a transaction that has failed: nobody else gets it.
      open.delete(session);
      await session.close();
      throw error;
    }
  };
  return {
    read: (work) => turn(() => lend(work)),
    close: async () => {
      await Promise.all([...open].map((session) => session.close()));
    },
  };
}

/** For the length of a session: nothing is written, nothing takes long, nobody is kept waiting; and it lasts as long as the run. */
const READING = [
  'set default_transaction_read_only = on',
  'set statement_timeout = 15000',
  'set lock_timeout = 5000',
  'set idle_in_transaction_session_timeout = 60000',
  'set idle_session_timeout = 0',
].join('; ');

function guarded(session: Session, guard: ReadGuard): Session {
  return {
    query: async (text, params) => {
      guard(text);
      return await session.query(text, params);
    },
  };
}
