/** Creates the roles that the schema declares. Roles belong to the server, so the catalog of a database does not contain them. */
import type { Session } from '@todo/client/session';
import { is } from 'drizzle-orm';
import { PgRole } from 'drizzle-orm/pg-core';

import type { DatabaseDefinition } from '../../database-definition.ts';
import { createStatements } from '../schema/snapshot.ts';

/** Returns the statements that create the missing roles. */
export async function missingRoleStatements(session: Session, database: DatabaseDefinition): Promise<string[]> {
  const declared = Object.values(database.schema).filter((value) => is(value, PgRole));
  if (declared.length === 0) return [];
  const { rows } = await session.query('select rolname::text as name from pg_roles');
  const names = new Set(rows.map(({ name }) => name));
  // The beginning of drizzle-kit's statement.
  const missing = declared.filter(({ name }) => !names.has(name)).map(({ name }) => `CREATE ROLE "${name}"`);
  return (await createStatements(database))
    .map((statement) => statement.trim().replace(/;$/, ''))
    .filter((statement) => missing.some((beginning) => statement.startsWith(beginning)));
}
