/** Refusals that have nothing to do with the tested value. */
import { CHECK_VIOLATION, EXCLUSION_VIOLATION, FOREIGN_KEY_VIOLATION, UNIQUE_VIOLATION } from '@todo/migrator/rows';
import { getTableConfig } from 'drizzle-orm/pg-core';

import type { LiveTable } from '../../live-tables.ts';
import type { ProbeResult } from './probes.ts';

/** Whether the row was refused for another reason than the tested rule: a CHECK of the schema or a domain, a partition bound, another row. */
export function isUnrelated(table: LiveTable, result: ProbeResult): boolean {
  if (result.kind !== 'refused') return false;
  const { code, constraint } = result;
  if (code !== CHECK_VIOLATION) return UNRELATED.has(code);
  const checkNames = new Set(getTableConfig(table.table).checks.map(({ name }) => name));
  return (
    // A partition bound.
    constraint === undefined ||
    checkNames.has(constraint) ||
    table.shape.domainChecks.some(({ name }) => name === constraint)
  );
}

const UNRELATED = new Set([FOREIGN_KEY_VIOLATION, UNIQUE_VIOLATION, EXCLUSION_VIOLATION]);
