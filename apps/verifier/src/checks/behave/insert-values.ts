/** An insert with parameters, as applications send it. */
import type { RowValues } from '@todo/migrator/rows';
import { sql } from 'drizzle-orm';

import { type CodeTable, qualifiedName } from '../../code-tables.ts';
import type { Transaction } from './run-and-roll-back.ts';

/** Inserts a row. The values are in text form; a missing column gets its default. */
export async function insertValues(
  tx: Pick<Transaction, 'execute'>,
  table: Pick<CodeTable, 'schema' | 'name'>,
  values: RowValues,
): Promise<void> {
  const names = Object.keys(values).map((name) => sql.identifier(name));
  const texts = Object.values(values).map((value) => sql`${value}`);
  const into = sql.raw(qualifiedName(table));
  await tx.execute(
    sql`insert into ${into} (${sql.join(names, sql`, `)}) overriding system value values (${sql.join(texts, sql`, `)})`,
  );
}
