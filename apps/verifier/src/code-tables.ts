/** The tables that the code has, whatever they are: a new one needs no line in any check. */
import type { AppSchema } from '@todo/client';
import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';

/** The tables that a schema exports, each once, in its order. */
export function codeTables({ schema }: Pick<AppSchema, 'schema'>): PgTable[] {
  const exported = new Set(Object.values(schema));
  return [...exported].filter((value) => is(value, PgTable));
}

export interface TableName {
  readonly schema: string;
  readonly name: string;
}

export function codeTableNames(app: Pick<AppSchema, 'schema'>): TableName[] {
  return codeTables(app).map((table) => {
    const { schema = 'public', name } = getTableConfig(table);
    return { schema, name };
  });
}
