/** How a check that commits takes its rows away again. */
import type { Database } from '@todo/client';
import { todo, user } from '@todo/db/schema';
import { eq, inArray } from 'drizzle-orm';

/** With their todos, by a statement of their own: the cascade may be what is broken. */
export async function removeUsers(db: Database, ...emails: string[]): Promise<void> {
  const owners = db.select({ id: user.id }).from(user).where(inArray(user.email, emails));
  await db.delete(todo).where(inArray(todo.userId, owners));
  await db.delete(user).where(inArray(user.email, emails));
}

/** Of a user who may be gone: where no cascade took them along, nobody could tell later whose they were. */
export async function removeTodosOf(db: Database, userId: number): Promise<void> {
  await db.delete(todo).where(eq(todo.userId, userId));
}
