/** Findings of the verifier that are correct for an intact schema. */
import type { Schema } from '@todo/client';
import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';

import type { Result } from '../../src/result.ts';

/** The owner of the tables connects, and policies do not bind the owner. This is true of every table with policies, and of no other. */
export function isTrueOf(schema: Schema, { id, status, findings = [] }: Result): boolean {
  if (id !== 'security/rls-owner' || status !== 'warn') return false;
  const guarded = Object.values(schema)
    .filter((table) => is(table, PgTable))
    .map((table) => getTableConfig(table))
    .filter(({ policies }) => policies.length > 0);
  return findings.every(({ about }) =>
    guarded.some((table) => table.name === about?.table && (table.schema ?? 'public') === (about.schema ?? 'public')),
  );
}
