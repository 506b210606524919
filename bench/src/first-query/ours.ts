/** The entry point `@todo/db/http`, and nothing else of the workspace. */
import { connectHttp } from '../../../packages/db/dist/http.js';
import type { FirstQuery } from './first-query.ts';

export const firstQuery: FirstQuery = (url) =>
  connectHttp(url).query.todo.findMany({ where: ({ userId }, { eq }) => eq(userId, 1) });
