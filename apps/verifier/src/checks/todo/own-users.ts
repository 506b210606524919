/** The users that a check commits, and the removal of their rows. */
import type { Database } from '@todo/client';
import { todo, user } from '@todo/db/schema';
import { eq, inArray } from 'drizzle-orm';

import type { Context } from '../../check.ts';
import { ownEmail } from './own-rows.ts';

/** Runs `work` with two addresses for new users, then removes these users and their todos, even after an error. */
export async function withOwnUsers<T>(
  db: Database,
  context: Pick<Context, 'run'>,
  work: (email: string, otherEmail: string) => Promise<T>,
): Promise<T> {
  const [email, otherEmail] = [ownEmail(context), ownEmail(context)];
  return await work(email, otherEmail).finally(() => removeUsers(db, email, otherEmail));
}

/** Removes users and their todos. Removes todos in a statement of their own, because the cascade may be broken. */
async function removeUsers(db: Database, ...emails: string[]): Promise<void> {
  const owners = db.select({ id: user.id }).from(user).where(inArray(user.email, emails));
  await db.delete(todo).where(inArray(todo.userId, owners));
  await db.delete(user).where(inArray(user.email, emails));
}

/** Removes the todos of a user, even if the user is deleted already and the cascade did not work. */
export async function removeTodosOf(db: Database, userId: number): Promise<void> {
  await db.delete(todo).where(eq(todo.userId, userId));
}
