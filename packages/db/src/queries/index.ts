/** The queries that a todo app asks, each one round trip, on a database of either transport or a transaction. */
export { CursorError, type Order, PageOptionError, type Queryable, RequestTooLargeError } from '@todo/client/queries';
export { type ListOptions, type TodoPage, type TodosOfUser, todosOf, type TodoStats } from './todos.ts';
export { type Users, users } from './users.ts';
