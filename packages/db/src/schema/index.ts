/** Exports every table and relation. Drizzle queries with them, and drizzle-kit compares them with a database. */
export { todoRelations, userRelations } from './relations.ts';
export { todo } from './todo.ts';
export { user } from './user.ts';
