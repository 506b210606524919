/** Zod schemas for everything that enters or leaves the tables, derived from the tables themselves. */
export { normalizeEmail } from './email.ts';
export { insertTodoSchema, selectTodoSchema, updateTodoSchema } from './todo.ts';
export { insertUserSchema, selectUserSchema, updateUserSchema } from './user.ts';
