/** A stored row of each table, with all its current columns. */
import { testBranch } from '@todo/local-neon/vitest';

import { connectHttp } from '../src/index.ts';
import { todo, user } from '../src/schema/index.ts';

interface StoredRows {
  readonly storedUser: typeof user.$inferSelect;
  readonly storedTodo: typeof todo.$inferSelect;
}

export async function storedRows(): Promise<StoredRows> {
  const { url } = await testBranch();
  const db = connectHttp(url);
  const [storedUser] = await db.insert(user).values({ email: 'a@example.com', hashedPassword: 'h' }).returning();
  const [storedTodo] = await db.insert(todo).values({ title: 't', userId: storedUser!.id }).returning();
  return { storedUser: storedUser!, storedTodo: storedTodo! };
}
