import type { WebSocketDatabase } from '@todo/client';
import { sql } from 'drizzle-orm';

import { type Check, guarantee, verdict } from '../../check.ts';
import { ignoreTimeout } from './ignore-timeout.ts';

const backend = sql`select pg_backend_pid() as pid`;

export const websocket: Check = {
  id: 'connect/websocket',
  title: 'WebSocket sessions work: a transaction stays on one backend',
  method: 'Reads the backend process id twice within one transaction.',
  why: 'BEGIN, the statements and COMMIT reach different sessions: a failure rolls nothing back.',
  remedy:
    'Check the host in DATABASE_URL and proxies between here and the database; `npm ls @neondatabase/serverless` must show one copy.',
  mode: 'reads',
  needs: ['connect/auth'],
  isExpectedToPass: true,
  run: async ({ websocket: db }) => {
    // Drizzle never releases a connection whose BEGIN fails, so the first query is outside a transaction.
    await ignoreTimeout(db.execute(backend));
    const pids = await ignoreTimeout(readBackendTwice(db));
    if (pids === undefined) return verdict([], 'ended by a statement timeout');
    guarantee(pids[0] !== undefined && pids[0] === pids[1], {
      have: `backends ${pids.join(' and ')} within one transaction`,
      want: 'one backend',
      fix: 'npm ls @neondatabase/serverless   # two copies of the driver do this: keep one',
    });
    return verdict([]);
  },
};

async function readBackendTwice(db: WebSocketDatabase): Promise<(number | undefined)[]> {
  return await db.transaction(
    async (tx) => {
      const before = await tx.execute<{ pid: number }>(backend);
      const after = await tx.execute<{ pid: number }>(backend);
      return [before.rows[0]?.pid, after.rows[0]?.pid];
    },
    { accessMode: 'read only' },
  );
}
