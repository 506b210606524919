/** The queries that a todo app asks, each one round trip, on a database of either transport or a transaction. */
export { CursorError, type Order } from './cursor.ts';
export type { Queryable } from '@todo/client/queries';
export { RequestTooLargeError } from './request-too-large.ts';
export { type ListOptions, type TodoPage, type TodosOfUser, todosOf, type TodoStats } from './todos.ts';
export { type Users, users } from './users.ts';
