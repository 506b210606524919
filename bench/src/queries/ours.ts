/** `@todo/db/queries`. */
import { connectWebSocket, todosOf } from '../workspace.ts';
import type { OpenTodoQueries } from './todo-queries.ts';

export const open: OpenTodoQueries = (url) => {
  const db = connectWebSocket(url);
  return {
    async list(userId) {
      const { todos, nextCursor } = await todosOf(db, userId).list();
      return { todos, hasMore: nextCursor !== undefined };
    },
    get: (userId, id) => todosOf(db, userId).get(id),
    create: (userId, title) => todosOf(db, userId).create({ title }),
    complete: (userId, id) => todosOf(db, userId).complete(id),
    close: () => db.close(),
  };
};
