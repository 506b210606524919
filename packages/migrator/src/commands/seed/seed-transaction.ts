/** The transaction of a seed. A second seed at the same time waits, and then finds the rows of the first. */
import { type Column, sql } from 'drizzle-orm';
import { CasingCache } from 'drizzle-orm/casing';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import type { Client } from 'pg';

import type { DatabaseDefinition } from '../../database-definition.ts';

type Transaction = Parameters<Parameters<NodePgDatabase['transaction']>[0]>[0];

export interface SeedTransaction extends Transaction {
  /** The column's name in the database, which may depend on the option `casing`. */
  readonly columnName: (column: Column) => string;
}

/** Runs `work` in a transaction of Drizzle, while no other seed runs on this database. */
export function runInSeedTransaction<T>(
  client: Client,
  { casing }: Pick<DatabaseDefinition, 'casing'>,
  work: (tx: SeedTransaction) => Promise<T>,
): Promise<T> {
  const names = new CasingCache(casing);
  return drizzle({ client, ...(casing !== undefined && { casing }) }).transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('sample data'))`);
    return await work(Object.assign(tx, { columnName: (column: Column) => names.getColumnCasing(column) }));
  });
}
