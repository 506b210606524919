/** What may be written into and read from `todo`. The id and the times belong to the server. */
import { idSchemaOf, listOptionsSchemaOf, validatorsOf, type z } from '@todo/client/validators';

import { todo } from '../schema/todo.ts';

const { insert, update, select } = validatorsOf(todo);
/** As the owner sends a todo. Who that is, the session says, and not the request: `todosOf(db, userId).create(…)`. */
const own = validatorsOf(todo, {}, { omit: ['userId'] });

/** A new todo, with the id of its owner. */
export const insertTodoSchema = insert;

/** A new todo as its owner sends it. */
export const newTodoSchema = own.insert;

/** Changes to a todo, its owner included: at least one. */
export const updateTodoSchema = update;

/** Changes to a todo as its owner sends them: at least one, and not to whom it belongs. */
export const todoPatchSchema = own.update;

/** A todo as stored, from a query or from its JSON. */
export const selectTodoSchema = select;

/** The id of a todo, as a number or as the text of a path. */
export const idSchema = idSchemaOf(todo);

/** What `todosOf(db, userId).list()` takes, from a query string. */
export const listOptionsSchema = listOptionsSchemaOf(todo, ['isCompleted']);

export type NewTodo = z.infer<typeof newTodoSchema>;
export type TodoPatch = z.infer<typeof todoPatchSchema>;
export type Todo = z.infer<typeof selectTodoSchema>;
