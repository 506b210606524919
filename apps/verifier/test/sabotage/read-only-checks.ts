/** What a run against production consists of, for the sabotages: all that a database can change. */
import { checksOf } from '../../src/checks/index.ts';
import type { Result } from '../../src/result.ts';
import { twoTables } from '../two-tables/two-tables.ts';

// It takes 40 queries, and what it finds is no sabotage.
const SLOW = new Set(['connect/latency']);

export const READ_ONLY: readonly string[] = checksOf(twoTables)
  .filter(({ id, mode }) => mode === 'reads' && !SLOW.has(id))
  .map(({ id }) => id);

/** The ids of the checks that are not content. An `info` counts for a sabotage and not against what is harmless. */
export function loud(results: readonly Result[], quietest: 'info' | 'warn' = 'warn'): string[] {
  return results
    .filter(({ status }) => status === 'fail' || status === 'warn' || (quietest === 'info' && status === 'info'))
    .map(({ id }) => id);
}
