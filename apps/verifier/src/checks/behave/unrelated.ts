/** Refusals that say nothing about the value on trial. */
import { getTableConfig } from 'drizzle-orm/pg-core';

import type { LiveTable } from '../../live-tables.ts';
import type { Answer } from './probes.ts';

/** A CHECK of the code, a partition's bounds or another row stands against it: what else holds cannot be seen. */
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

/** Foreign key, unique key, exclusion constraint. */
const UNRELATED = new Set(['23503', '23505', '23P01']);
