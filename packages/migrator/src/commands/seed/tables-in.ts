/** The tables that a schema module exports, in the order of the exported names. */
import type { Schema } from '@todo/client';
import { is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';

export function tablesIn(schema: Schema): PgTable[] {
  return Object.values(schema).filter((value) => is(value, PgTable));
}
