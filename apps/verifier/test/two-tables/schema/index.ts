export * from './todo.ts';
export * from './user.ts';
