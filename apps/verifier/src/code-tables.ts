/** The tables that the code has, whatever they are: a new one needs no line in any check. */
import * as schema from '@todo/db/schema';
import { getTableName, is, Table } from 'drizzle-orm';

const exported: readonly unknown[] = Object.values(schema);

export const codeTables: readonly Table[] = exported.filter((value) => is(value, Table));

export const codeTableNames: readonly string[] = codeTables.map((table) => getTableName(table));
