/** Writes all rows of one seed in one transaction. */
import type { PgTable } from 'drizzle-orm/pg-core';
import type { Client } from 'pg';

import type { DatabaseDefinition } from '../../database-definition.ts';
import type { SampleRows } from '../../samples/sample-rows.ts';
import { formatCount, printToStderr } from '../output.ts';
import { deriveRows, describeDerived } from './derive-rows.ts';
import { runInSeedTransaction, type SeedTransaction } from './seed-transaction.ts';
import { nameOf, tablesIn } from './tables.ts';
import { describeCounts, type Wanted, writeGenerated } from './write-generated.ts';
import { writeSamples } from './write-samples.ts';

export interface SeedPlan {
  /** The rows to generate. Undefined: the sample rows. */
  readonly wanted: readonly Wanted[] | undefined;
  readonly replace: boolean;
}

/** Writes sample rows or generated rows, then derives rows for empty tables without any. @returns lines that describe the rows. */
export function seedAll(client: Client, database: DatabaseDefinition, plan: SeedPlan): Promise<string[]> {
  return runInSeedTransaction(client, async (tx) => {
    const writtenRows =
      plan.wanted === undefined ? await writeSampleRows(tx, database) : await writeGeneratedRows(tx, plan.wanted, plan);
    const derived = await deriveRows(client, tablesWithoutSamples(database, plan));
    for (const { reason } of derived) if (reason !== undefined) printToStderr(reason);
    const derivedRows = describeDerived(derived);
    return [
      writtenRows,
      ...(derivedRows.length === 0
        ? []
        : [`Tables without sample rows, filled by the types of their columns: ${derivedRows.join(', ')}.`]),
    ];
  });
}

async function writeSampleRows(tx: SeedTransaction, { samples }: DatabaseDefinition): Promise<string> {
  const rows = samples?.rows ?? [];
  await writeSamples(tx, rows);
  return `Sample data: ${describeSamples(rows)}.`;
}

async function writeGeneratedRows(tx: SeedTransaction, wanted: readonly Wanted[], plan: SeedPlan): Promise<string> {
  const isNew = await writeGenerated(tx, wanted, plan);
  return `Sample data: ${describeCounts(wanted)}.${isNew ? '' : ' The database has these rows already.'}`;
}

/** Tables without sample or generated rows. */
function tablesWithoutSamples({ schema, samples }: DatabaseDefinition, { wanted = [] }: SeedPlan): PgTable[] {
  const written = [...(samples?.rows ?? []), ...wanted.map(({ rows }) => rows)];
  const tablesWithSamples = new Set(written.map(({ table }) => table));
  return tablesIn(schema).filter((table) => !tablesWithSamples.has(table));
}

function describeSamples(samples: readonly SampleRows[]): string {
  if (samples.length === 0) return 'none';
  return samples.map(({ table, rows }) => `${formatCount(rows.length, 'row')} of ${nameOf(table)}`).join(', ');
}
