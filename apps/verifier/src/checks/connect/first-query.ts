/** The first query of a run. Its time includes the connection and the start of a suspended compute. */
import { sql } from 'drizzle-orm';

import { queryOnce } from '../../query-once.ts';
import type { Context } from '../../check.ts';

/** The duration of the first query, in milliseconds. It is sent once per run; all checks share its result or its error. */
export function firstQueryMs(context: Pick<Context, 'http' | 'read'>): Promise<number> {
  return queryOnce(context, timeFirstQuery, () => timeFirstQuery(context));
}

async function timeFirstQuery({ http }: Pick<Context, 'http'>): Promise<number> {
  const startedAt = performance.now();
  await http.execute(sql`select 1`);
  return Math.round(performance.now() - startedAt);
}
