/** Relations for `db.query`: `user.todos` and `todo.owner`. They live apart because each names the other's table. */
import { relations } from 'drizzle-orm';

import { todo } from './todo.ts';
import { user } from './user.ts';

export const userRelations = relations(user, ({ many }) => ({
  todos: many(todo),
}));

export const todoRelations = relations(todo, ({ one }) => ({
  owner: one(user, { fields: [todo.userId], references: [user.id] }),
}));
