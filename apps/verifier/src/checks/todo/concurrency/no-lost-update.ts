import { transaction, type WebSocketDatabase } from '@todo/client';
import { todo, user } from '@todo/db/schema';
import { eq } from 'drizzle-orm';

import { type Check, guarantee, verdict } from '../../../check.ts';
import { withOwnUsers } from '../own-users.ts';

const WRITERS = 5;

export const noLostUpdate: Check = {
  id: 'conc/no-lost-update',
  title: 'No concurrent update is lost',
  method: `Runs ${WRITERS} concurrent transactions that read one todo and append to it, with retries after serialization failures.`,
  why: 'When two users write at once, the change of one is lost.',
  remedy: 'Read and write in one `transaction` with isolation "repeatable read", or with FOR UPDATE.',
  severity: 'warning',
  mode: 'commits',
  run: ({ websocket: db, run }) =>
    withOwnUsers(db, { run }, async (email) => {
      const [owner] = await db.insert(user).values({ email, hashedPassword: 'verify' }).returning();
      const row = { title: 'verify', description: '', userId: owner?.id ?? 0 };
      const [task] = await db.insert(todo).values(row).returning();
      const id = task?.id ?? 0;
      await Promise.all(Array.from({ length: WRITERS }, () => append(db, id)));
      const [after] = await db.select().from(todo).where(eq(todo.id, id));
      guarantee(after?.description === 'x'.repeat(WRITERS), {
        have: `${after?.description?.length ?? 0} of ${WRITERS} changes`,
        want: 'all changes',
        follows: ['schema/trigger-rule', 'schema/rls'],
      });
      return verdict([]);
    }),
};

/** Adds an `x` to the description of a todo, in a transaction that is repeated after a serialization failure. */
async function append(db: WebSocketDatabase, id: number): Promise<void> {
  const work = async (tx: Parameters<Parameters<typeof transaction>[1]>[0]) => {
    const [before] = await tx.select().from(todo).where(eq(todo.id, id));
    const description = `${before?.description ?? ''}x`;
    await tx.update(todo).set({ description }).where(eq(todo.id, id));
  };
  // In each round, at least one transaction succeeds.
  await transaction(db, work, { isolation: 'repeatable read', retries: 4 * WRITERS });
}
