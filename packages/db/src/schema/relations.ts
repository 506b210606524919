/** Relations for `db.query`: `user.todos` and `todo.owner`. They have a file of their own because each relation names the other table. */
import { relations } from 'drizzle-orm';

import { todo } from './todo.ts';
import { user } from './user.ts';

export const userRelations = relations(user, ({ many }) => ({
  todos: many(todo),
}));

export const todoRelations = relations(todo, ({ one }) => ({
  owner: one(user, { fields: [todo.userId], references: [user.id] }),
}));
