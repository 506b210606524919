/** The checks of a run against production that a sabotage can affect. */
import { checksOf } from '../../src/checks/index.ts';
import type { Result } from '../../src/result.ts';
import { twoTables } from '../two-tables/two-tables.ts';

// This check runs 40 queries, and no sabotage changes its result.
const SLOW = new Set(['connect/latency']);

export const READ_ONLY: readonly string[] = checksOf(twoTables)
  .filter(({ id, mode }) => mode === 'reads' && !SLOW.has(id))
  .map(({ id }) => id);

/** The ids of the checks with findings. An `info` counts for a sabotage, and is allowed for a harmless change. */
export function loud(results: readonly Result[], quietest: 'info' | 'warn' = 'warn'): string[] {
  return results
    .filter(({ status }) => status === 'fail' || status === 'warn' || (quietest === 'info' && status === 'info'))
    .map(({ id }) => id);
}
