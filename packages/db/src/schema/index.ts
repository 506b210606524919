/** Every table and relation: what Drizzle queries with and what drizzle-kit compares with a database. */
export { todoRelations, userRelations } from './relations.ts';
export { todo } from './todo.ts';
export { user } from './user.ts';
