/** The name of a table in messages and flags: its name in the database, with its schema unless that is `public`. */
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';

export function nameOf(table: PgTable): string {
  const { name, schema } = getTableConfig(table);
  return schema === undefined ? name : `${schema}.${name}`;
}
