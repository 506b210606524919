/** The tables of a schema, and their names in messages and flags. */
import type { Schema } from '@todo/client';
import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';

/** The tables that a schema module exports, in the order of the exported names. */
export function tablesIn(schema: Schema): PgTable[] {
  return Object.values(schema).filter((value) => is(value, PgTable));
}

/** The name in the database, with its schema unless that is `public`. */
export function nameOf(table: PgTable): string {
  const { name, schema } = getTableConfig(table);
  return schema === undefined ? name : `${schema}.${name}`;
}
