/** The first query of a run: it pays for the connection, and for waking a compute that sleeps. */
import type { HttpDatabase } from '@todo/db';
import { sql } from 'drizzle-orm';

import type { Context } from '../../check.ts';

const times = new WeakMap<HttpDatabase, Promise<number>>();

/** How many milliseconds it took. It is sent for the first check that asks; what it threw, all get. */
export function firstQueryMs({ http }: Pick<Context, 'http'>): Promise<number> {
  const time = times.get(http) ?? measure(http);
  times.set(http, time);
  return time;
}

async function measure(http: HttpDatabase): Promise<number> {
  const startedAt = performance.now();
  await http.execute(sql`select 1`);
  return Math.round(performance.now() - startedAt);
}
