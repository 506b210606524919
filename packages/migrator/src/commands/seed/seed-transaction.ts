/** The transaction of a seed. A second seed at the same time waits, and then finds the rows of the first. */
import { sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Client } from 'pg';

export type SeedTransaction = Parameters<Parameters<NodePgDatabase['transaction']>[0]>[0];

/** Runs `work` in a transaction of Drizzle, while no other seed runs on this database. */
export function runInSeedTransaction<T>(client: Client, work: (tx: SeedTransaction) => Promise<T>): Promise<T> {
  return drizzle({ client }).transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('sample data'))`);
    return await work(tx);
  });
}
