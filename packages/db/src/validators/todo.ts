/** What may be written into and read from `todo`. The id and the times belong to the server. */
import {
  CHANGES_NOTHING,
  changesSomething,
  otherwise,
  storable,
  timeSchema,
  wholeNumber,
  z,
} from '@todo/client/validators';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';

import { todo } from '../schema/todo.ts';

const columns = {
  title: storable,
  description: storable,
  isCompleted: () => z.boolean(otherwise('Neither true nor false')),
  userId: wholeNumber,
};
const ofTheServer = { id: true, createdAt: true, updatedAt: true } as const;
const ofTheOwner = { userId: true } as const;

/** A new todo, whoever owns it. */
export const insertTodoSchema = createInsertSchema(todo, columns)
  .omit(ofTheServer)
  // They may be left out anyway. drizzle-zod's type forgets that of a column that is refined.
  .partial({ description: true, isCompleted: true })
  .strict();

/** A new todo as its owner sends it. Who that is, the session says, and not the request: `todosOf(db, userId).create(…)`. */
export const newTodoSchema = insertTodoSchema.omit(ofTheOwner);

const changes = createUpdateSchema(todo, columns).omit(ofTheServer).strict();

/** Changes to a todo, its owner included: at least one. */
export const updateTodoSchema = changes.refine(changesSomething, CHANGES_NOTHING);

/** Changes to a todo as its owner sends them: at least one, and not to whom it belongs. */
export const todoPatchSchema = changes.omit(ofTheOwner).refine(changesSomething, CHANGES_NOTHING);

/** A todo as stored, from a query or from its JSON. */
export const selectTodoSchema = createSelectSchema(todo, {
  ...columns,
  id: wholeNumber,
  createdAt: timeSchema,
  updatedAt: timeSchema,
}).strict();

export type NewTodo = z.infer<typeof newTodoSchema>;
export type TodoPatch = z.infer<typeof todoPatchSchema>;
export type Todo = z.infer<typeof selectTodoSchema>;
