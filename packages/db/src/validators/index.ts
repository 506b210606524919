/** Zod schemas for the data that enters or leaves the tables, derived from the tables. */
export { normalizeEmail } from './normalize-email.ts';
export {
  idSchema,
  insertTodoSchema,
  listOptionsSchema,
  type NewTodo,
  newTodoSchema,
  selectTodoSchema,
  type Todo,
  type TodoPatch,
  todoPatchSchema,
  updateTodoSchema,
} from './todo.ts';
export {
  insertUserSchema,
  type NewUser,
  type PublicUser,
  publicUserSchema,
  selectUserSchema,
  updateUserSchema,
  type User,
  type UserPatch,
} from './user.ts';
