/** The queries of a todo app. Each query is one round trip, on a database of either transport or in a transaction. */
export { CursorError, type Order, PageOptionError, type Queryable, RequestTooLargeError } from '@todo/client/queries';
export { type ListOptions, type TodoPage, type TodosOfUser, todosOf, type TodoStats } from './todos.ts';
export { type Users, users } from './users.ts';
