/** Removes the rows that a check has committed. */
import type { Database } from '@todo/client';
import { todo, user } from '@todo/db/schema';
import { eq, inArray } from 'drizzle-orm';

/** Removes users and their todos. Removes todos in a statement of their own, because the cascade may be broken. */
export async function removeUsers(db: Database, ...emails: string[]): Promise<void> {
  const owners = db.select({ id: user.id }).from(user).where(inArray(user.email, emails));
  await db.delete(todo).where(inArray(todo.userId, owners));
  await db.delete(user).where(inArray(user.email, emails));
}

/** Removes the todos of a user, even if the user is deleted already and the cascade did not work. */
export async function removeTodosOf(db: Database, userId: number): Promise<void> {
  await db.delete(todo).where(eq(todo.userId, userId));
}
