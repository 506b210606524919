import { todo, user } from '@todo/db/schema';
import { eq, sql } from 'drizzle-orm';

import { type Check, type Context, type Finding, verdict } from '../../check.ts';
import { rolledBack, type Transaction } from './rolled-back.ts';

/** In the past, because `now()` stands still inside a transaction; with milliseconds, which must survive. */
const BEFORE = new Date('2001-02-03T04:05:06.789Z');

export const updatedAt: Check = {
  id: 'behave/updated-at',
  title: 'An update moves updated_at to now, and leaves created_at alone',
  method: 'Rows with old times are updated through Drizzle in a transaction that is rolled back.',
  why: 'Whoever asks for what changed since yesterday misses a row, or when it was made is gone.',
  remedy: 'Look for a trigger that sets it: SELECT tgname FROM pg_trigger WHERE NOT tgisinternal;',
  severity: 'error',
  mode: 'rolls-back',
  needs: ['connect/websocket'],
  run: async ({ websocket, rows }) => verdict(await rolledBack(websocket, (tx) => updateBoth(tx, rows))),
};

async function updateBoth(tx: Transaction, rows: Context['rows']): Promise<Finding[]> {
  const times = { createdAt: BEFORE, updatedAt: BEFORE };
  const [userId, todoId] = [rows.id(), rows.id()];
  await tx.insert(user).values({ id: userId, email: rows.email(), hashedPassword: 'verify', ...times });
  await tx.insert(todo).values({ id: todoId, title: 'verify', userId, ...times });
  const now = await serverNow(tx);
  const [owner] = await tx.update(user).set({ hashedPassword: 'other' }).where(eq(user.id, userId)).returning();
  const [task] = await tx.update(todo).set({ isCompleted: true }).where(eq(todo.id, todoId)).returning();
  return [...judge('user', owner, now), ...judge('todo', task, now)];
}

/** To the millisecond, as Drizzle reads it. */
async function serverNow(tx: Transaction): Promise<Date> {
  const { rows } = await tx.execute<{ now: string }>(sql`select floor(extract(epoch from now()) * 1000)::text as now`);
  return new Date(Number(rows[0]?.now));
}

interface Times {
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

function judge(table: string, times: Times | undefined, now: Date): Finding[] {
  const findings: (Finding | false)[] = [
    times?.updatedAt.getTime() !== now.getTime() && {
      have: `${table}.updated_at ${times?.updatedAt.toISOString()}`,
      want: `${now.toISOString()}, the server's now()`,
      why: 'Whoever asks for what changed since yesterday misses this row.',
      fix: 'Look for a trigger that sets updated_at: SELECT tgname FROM pg_trigger WHERE NOT tgisinternal;',
    },
    times?.createdAt.getTime() !== BEFORE.getTime() && {
      have: `${table}.created_at ${times?.createdAt.toISOString()}`,
      want: `${BEFORE.toISOString()}, as before the update`,
      why: 'The time of creation is gone.',
      fix: 'Look for a trigger that sets created_at: SELECT tgname FROM pg_trigger WHERE NOT tgisinternal;',
    },
  ];
  return findings.filter((finding) => finding !== false);
}
