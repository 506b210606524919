/** The first query of a run: it pays for the connection, and for waking a compute that sleeps. */
import { sql } from 'drizzle-orm';

import { once } from '../../ask-once.ts';
import type { Context } from '../../check.ts';

/** How many milliseconds it took. It is sent for the first check that asks; what it threw, all get. */
export function firstQueryMs(context: Pick<Context, 'http' | 'read'>): Promise<number> {
  return once(context, measure, () => measure(context));
}

async function measure({ http }: Pick<Context, 'http'>): Promise<number> {
  const startedAt = performance.now();
  await http.execute(sql`select 1`);
  return Math.round(performance.now() - startedAt);
}
