/** Drizzle with Neon's driver, without the clients of `@todo/db`: the same tables, and the same copies of both libraries. */
import { neon, neonConfig } from '../../../packages/client/node_modules/@neondatabase/serverless/index.mjs';
import { drizzle } from '../../../packages/client/node_modules/drizzle-orm/neon-http/index.js';
import * as schema from '../../../packages/db/dist/schema/index.js';
import { setLocalEndpoint, type FirstQuery } from './first-query.ts';

export const firstQuery: FirstQuery = (url) => {
  setLocalEndpoint(neonConfig, url);
  const db = drizzle(neon(url), { schema });
  return db.query.todo.findMany({ where: ({ userId }, { eq }) => eq(userId, 1) });
};
