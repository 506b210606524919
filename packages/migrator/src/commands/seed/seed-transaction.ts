/** One transaction in which all that a seed writes is written, and of two seeds at once the second finds the rows of the first. */
import { sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Client } from 'pg';

export type SeedTransaction = Parameters<Parameters<NodePgDatabase['transaction']>[0]>[0];

export function inSeedTransaction<T>(client: Client, work: (tx: SeedTransaction) => Promise<T>): Promise<T> {
  return drizzle({ client }).transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('sample data'))`);
    return await work(tx);
  });
}
