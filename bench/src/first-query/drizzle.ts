/** Drizzle with Neon's driver, without `@todo/db`. */
import { neon } from '@neondatabase/serverless';
import { drizzle } from 'drizzle-orm/neon-http';

import * as schema from './drizzle-tables.ts';
import { findLocalNeon, type FirstQuery } from './first-query.ts';

export const firstQuery: FirstQuery = (url) => {
  findLocalNeon(url);
  const db = drizzle(neon(url), { schema });
  return db.query.todo.findMany({ where: ({ userId }, { eq }) => eq(userId, 1) });
};
