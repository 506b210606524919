/** Refusals that have nothing to do with the tested value. */
import { getTableConfig } from 'drizzle-orm/pg-core';

import type { LiveTable } from '../../live-tables.ts';
import type { ProbeResult } from './probes.ts';

/** Whether a CHECK of the code, the bounds of a partition or another row refused the row before the tested rule applied. */
export function isUnrelated(table: LiveTable, result: ProbeResult | undefined): boolean {
  if (result?.kind !== 'refused') return false;
  const { code, constraint } = result;
  if (code !== '23514') return UNRELATED.has(code);
  const checkNames = new Set(getTableConfig(table.table).checks.map(({ name }) => name));
  return (
    constraint === undefined ||
    checkNames.has(constraint) ||
    table.shape.domainChecks.some(({ name }) => name === constraint)
  );
}

/** foreign_key_violation, unique_violation, exclusion_violation. */
const UNRELATED = new Set(['23503', '23505', '23P01']);
