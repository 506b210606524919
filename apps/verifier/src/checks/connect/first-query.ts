/** The first query of a run. Its time includes the connection and the start of a suspended compute. */
import { sql } from 'drizzle-orm';

import { once } from '../../ask-once.ts';
import type { Context } from '../../check.ts';

/** Milliseconds of the first query. It is sent once per run; all checks that ask share its result or its error. */
export function firstQueryMs(context: Pick<Context, 'http' | 'read'>): Promise<number> {
  return once(context, measure, () => measure(context));
}

async function measure({ http }: Pick<Context, 'http'>): Promise<number> {
  const startedAt = performance.now();
  await http.execute(sql`select 1`);
  return Math.round(performance.now() - startedAt);
}
