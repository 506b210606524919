import type { WebSocketDatabase } from '@todo/client';
import { sql } from 'drizzle-orm';

import { type Check, guarantee, verdict } from '../../check.ts';
import { ignoreTimeout } from './ignore-timeout.ts';

const BACKEND_ID = sql`select pg_backend_pid() as pid`;

export const websocket: Check = {
  id: 'connect/websocket',
  title: 'WebSocket sessions work: a transaction stays on one backend',
  method: 'Reads the backend process id twice within one transaction.',
  why: 'BEGIN, the statements and COMMIT reach different sessions: a failure rolls nothing back.',
  remedy:
    'Check the host in DATABASE_URL, and the proxies between this machine and the database. Keep one copy of the driver: `npm ls @neondatabase/serverless` lists the copies.',
  mode: 'reads',
  needs: ['connect/auth'],
  dependentsStartEarly: true,
  run: async ({ websocket: db }) => {
    // Drizzle never releases a connection whose BEGIN fails, so the first query is outside a transaction.
    await ignoreTimeout(db.execute(BACKEND_ID));
    const backendIds = await ignoreTimeout(readBackendTwice(db));
    if (backendIds === undefined) return verdict([], 'a statement timeout ended the query');
    guarantee(backendIds[0] !== undefined && backendIds[0] === backendIds[1], {
      have: `backends ${backendIds.join(' and ')} within one transaction`,
      want: 'one backend',
      fix: 'Keep one copy of the driver: `npm ls @neondatabase/serverless` lists the copies.',
    });
    return verdict([]);
  },
};

async function readBackendTwice(db: WebSocketDatabase): Promise<(number | undefined)[]> {
  return await db.transaction(
    async (tx) => {
      const before = await tx.execute<{ pid: number }>(BACKEND_ID);
      const after = await tx.execute<{ pid: number }>(BACKEND_ID);
      return [before.rows[0]?.pid, after.rows[0]?.pid];
    },
    { accessMode: 'read only' },
  );
}
