/** Advances sequences after inserts with explicit numbers, which do not advance them. */
import { getTableColumns, sql } from 'drizzle-orm';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';

import type { Row } from './complete-row.ts';
import type { SeedTransaction } from './seed-transaction.ts';

/** For each column of numbers that the rows set: advances its sequence, if it has one, to the highest value in the table. */
export async function advanceSequences(tx: SeedTransaction, table: PgTable, rows: readonly Row[]): Promise<void> {
  const { schema = 'public', name } = getTableConfig(table);
  const columns = Object.entries(getTableColumns(table)).filter(([key]) => rows.some((row) => row[key] !== undefined));
  for (const [, column] of columns) {
    if (column.dataType !== 'number' && column.dataType !== 'bigint') continue;
    await tx.execute(sql`
      select setval(sequence, highest)
      from (select pg_get_serial_sequence(format('%I.%I', ${schema}::text, ${name}::text), ${column.name}) as sequence,
        (select max(${sql.identifier(column.name)})::bigint from ${table}) as highest) s
      where sequence is not null and highest > coalesce(pg_sequence_last_value(sequence::regclass), 0)`);
  }
}
