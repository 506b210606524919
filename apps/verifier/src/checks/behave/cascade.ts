import { todo, user } from '@todo/db/schema';
import { eq } from 'drizzle-orm';

import { type Check, type Context, guarantee, verdict } from '../../check.ts';
import { databaseError } from '../../error-chain.ts';
import { rolledBack, type Transaction } from './rolled-back.ts';

export const cascade: Check = {
  id: 'behave/cascade',
  title: 'Deleting a user deletes their todos, and nobody else’s',
  method: 'Two users with todos, one deleted, both counted; then all is rolled back.',
  why: 'Todos without a user are nobody’s to see or to delete; those of another user must never go.',
  remedy: 'pnpm verify --only schema   # todo_user_id_fkey must be there, ON DELETE CASCADE',
  severity: 'error',
  mode: 'rolls-back',
  needs: ['connect/websocket'],
  run: async ({ websocket, rows }) => {
    const have = await rolledBack(websocket, (tx) => deleteOneOfTwo(tx, rows));
    guarantee(have === WANTED, {
      have,
      want: WANTED,
    });
    return verdict([]);
  },
};

const WANTED = 'the deleted user keeps 0 of 2 todos, the other user 2 of 2';

async function deleteOneOfTwo(tx: Transaction, rows: Context['rows']): Promise<string> {
  const [leaver, stayer] = [rows.id(), rows.id()];
  for (const userId of [leaver, stayer]) {
    await tx.insert(user).values({ id: userId, email: rows.email(), hashedPassword: 'verify' });
    await tx.insert(todo).values([rows.id(), rows.id()].map((id) => ({ id, title: 'verify', userId })));
  }
  try {
    await tx.delete(user).where(eq(user.id, leaver));
  } catch (error) {
    const refusal = databaseError(error);
    // What is no refusal of PostgreSQL's says nothing about the guarantee.
    if (refusal === undefined) throw error;
    return `a user with todos cannot be deleted: ${refusal.code} by ${refusal.constraint ?? 'no constraint'}`;
  }
  const kept = await tx.$count(todo, eq(todo.userId, leaver));
  const others = await tx.$count(todo, eq(todo.userId, stayer));
  return `the deleted user keeps ${kept} of 2 todos, the other user ${others} of 2`;
}
