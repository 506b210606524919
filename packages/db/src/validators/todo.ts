/** What may be written into and read from `todo`. The id and the times belong to the server. */
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';

import { todo } from '../schema/todo.ts';
import { CHANGES_NOTHING, changesSomething } from './patch.ts';
import { storable } from './text.ts';
import { timeSchema } from './time.ts';

const written = { title: storable, description: storable };
const ofTheServer = { id: true, createdAt: true, updatedAt: true } as const;

/** A new todo. */
export const insertTodoSchema = createInsertSchema(todo, written).omit(ofTheServer).strict();

/** Changes to a todo: at least one. */
export const updateTodoSchema = createUpdateSchema(todo, written)
  .omit(ofTheServer)
  .strict()
  .refine(changesSomething, CHANGES_NOTHING);

/** A todo as stored, from a query or from its JSON. */
export const selectTodoSchema = createSelectSchema(todo, { createdAt: timeSchema, updatedAt: timeSchema }).strict();
