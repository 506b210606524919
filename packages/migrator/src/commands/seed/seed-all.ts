/** All that one seed writes, in one transaction. */
import type { Client } from 'pg';

import type { DatabaseDefinition } from '../../database-definition.ts';
import type { SampleRows } from '../../samples/sample-rows.ts';
import { inSeedTransaction } from './seed-transaction.ts';
import { nameOf } from './table-name.ts';
import { describeCounts, type Wanted, writeGenerated } from './write-generated.ts';
import { writeSamples } from './write-samples.ts';

export interface SeedPlan {
  /** The rows to generate; the sample rows where undefined. */
  readonly wanted: readonly Wanted[] | undefined;
  readonly replace: boolean;
}

/** @returns lines that say what there is now. */
export function seedAll(client: Client, { samples }: DatabaseDefinition, plan: SeedPlan): Promise<string[]> {
  return inSeedTransaction(client, async (tx) => {
    if (plan.wanted === undefined) {
      const rows = samples?.rows ?? [];
      await writeSamples(tx, rows);
      return [`Sample data: ${describeSamples(rows)}.`];
    }
    const isNew = await writeGenerated(tx, plan.wanted, plan);
    return [`Sample data: ${describeCounts(plan.wanted)}.${isNew ? '' : ' They are there already.'}`];
  });
}

function describeSamples(samples: readonly SampleRows[]): string {
  if (samples.length === 0) return 'none';
  return samples
    .map(({ table, rows }) => `${rows.length} ${rows.length === 1 ? 'row' : 'rows'} of ${nameOf(table)}`)
    .join(', ');
}
