/** Drizzle's builder, as its documentation shows it. */
import { and, desc, eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/neon-serverless';

import { todo } from './drizzle-schema.ts';
import { openPool } from './neon-driver.ts';
import { type OpenTodoQueries, firstRow, PAGE_SIZE, toPage } from './todo-queries.ts';

export const open: OpenTodoQueries = (url) => {
  const pool = openPool(url);
  const db = drizzle(pool);
  return {
    list: async (userId) =>
      toPage(
        await db
          .select()
          .from(todo)
          .where(eq(todo.userId, userId))
          .orderBy(desc(todo.id))
          .limit(PAGE_SIZE + 1),
      ),
    async get(userId, id) {
      const [found] = await db
        .select()
        .from(todo)
        .where(and(eq(todo.userId, userId), eq(todo.id, id)));
      return found;
    },
    create: async (userId, title) => firstRow(await db.insert(todo).values({ userId, title }).returning()),
    complete: async (userId, id) =>
      firstRow(
        await db
          .update(todo)
          .set({ isCompleted: true, updatedAt: sql`now()` })
          .where(and(eq(todo.userId, userId), eq(todo.id, id)))
          .returning(),
      ),
    close: () => pool.end(),
  };
};
