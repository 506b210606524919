/** Refusals that have nothing to do with the tested value. */
import { getTableConfig } from 'drizzle-orm/pg-core';

import type { LiveTable } from '../../live-tables.ts';
import type { Answer } from './probes.ts';

/** Whether a CHECK of the code, the bounds of a partition or another row refused the row before the tested rule applied. */
export function isUnrelated(table: LiveTable, answer: Answer | undefined): boolean {
  if (answer?.kind !== 'refused') return false;
  const { code, constraint } = answer;
  if (code !== '23514') return UNRELATED.has(code);
  const wanted = new Set(getTableConfig(table.table).checks.map(({ name }) => name));
  return (
    constraint === undefined ||
    wanted.has(constraint) ||
    table.shape.domainChecks.some(({ name }) => name === constraint)
  );
}

/** foreign_key_violation, unique_violation, exclusion_violation. */
const UNRELATED = new Set(['23503', '23505', '23P01']);
