/** PGlite, which runs inside the program, without a port and a client. */
import { PGlite } from '@electric-sql/pglite';

import type { Starter } from './starter.ts';

export const start: Starter = async (folder) => {
  const database = await PGlite.create(folder);
  return { query: () => database.query('select 1'), stop: () => database.close() };
};
