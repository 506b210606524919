/** Validators for writing to and reading from `todo`. The server sets the id and the times. */
import { idSchemaOf, listOptionsSchemaOf, validatorsOf, type z } from '@todo/client/validators';

import { todo } from '../schema/todo.ts';

const { insert, update, select } = validatorsOf(todo);
/** A todo as its owner sends it. The owner comes from the session, not from the request: `todosOf(db, userId).create(…)`. */
const withoutOwner = validatorsOf(todo, {}, { omit: ['userId'] });

/** A new todo, with the id of its owner. */
export const insertTodoSchema = insert;

/** A new todo as its owner sends it. */
export const newTodoSchema = withoutOwner.insert;

/** Changes to a todo, which may include its owner: at least one column. */
export const updateTodoSchema = update;

/** Changes to a todo as its owner sends them: at least one column, without the owner. */
export const todoPatchSchema = withoutOwner.update;

/** A todo as stored, from a query or from its JSON. */
export const selectTodoSchema = select;

/** The id of a todo, as a number or as text from a URL path. */
export const idSchema = idSchemaOf(todo);

/** The options of `todosOf(db, userId).list()`, from a query string. */
export const listOptionsSchema = listOptionsSchemaOf(todo, ['isCompleted']);

export type NewTodo = z.infer<typeof newTodoSchema>;
export type TodoPatch = z.infer<typeof todoPatchSchema>;
export type Todo = z.infer<typeof selectTodoSchema>;
