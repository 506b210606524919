/** Writes sample rows, and restores changed ones. */
import { and, eq, getTableColumns, isNull, type SQL, sql } from 'drizzle-orm';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';

import { RowReference } from '../../samples/row-reference.ts';
import type { SampleRows } from '../../samples/sample-rows.ts';
import { CommandFailure, EXIT } from '../failure.ts';
import { advanceSequences } from './advance-sequences.ts';
import { completeRow, type Row } from './complete-row.ts';
import { referencedColumn } from './referenced-column.ts';
import type { SeedTransaction } from './seed-transaction.ts';
import { nameOf } from './tables.ts';

/** Inserts the missing sample rows, and updates the existing ones. Other rows of these tables stay unchanged. */
export async function writeSamples(tx: SeedTransaction, samples: readonly SampleRows[]): Promise<void> {
  for (const { table, by, rows } of samples) {
    for (const row of rows) await writeRow(tx, table, by, await resolveReferences(tx, table, row));
    await advanceSequences(tx, table, rows);
  }
}

/** @param by the columns that identify the row. */
async function writeRow(tx: SeedTransaction, table: PgTable, by: readonly string[], row: Row): Promise<void> {
  const values = completeRow(table, row);
  const ctid = await findRow(tx, table, Object.fromEntries(by.map((key) => [key, values[key]])));
  const isRow = sql`ctid = ${ctid}::tid`;
  await (ctid === undefined ? tx.insert(table).values(values) : tx.update(table).set(values).where(isRow));
}

/** The ctid of the first row with these values. The row is locked, so its ctid stays the same until the end of the transaction. */
async function findRow(tx: SeedTransaction, table: PgTable, key: Row): Promise<string | undefined> {
  const primaryKey = primaryKeyOf(table);
  const order = primaryKey.length === 0 ? sql`ctid` : sql.join(primaryKey, sql`, `);
  const { rows } = await tx.execute<{ ctid: string }>(
    sql`select ctid::text from ${table} where ${keyCondition(table, key)} order by ${order} limit 1 for update`,
  );
  return rows[0]?.ctid;
}

function primaryKeyOf(table: PgTable) {
  const { columns, primaryKeys } = getTableConfig(table);
  return primaryKeys[0]?.columns ?? columns.filter(({ primary }) => primary);
}

function keyCondition(table: PgTable, key: Row): SQL | undefined {
  const columns = getTableColumns(table);
  return and(
    ...Object.entries(key).map(([name, value]) => {
      const column = columns[name];
      if (column === undefined || value === undefined) throw missingKeyError(table, name);
      return value === null ? isNull(column) : eq(column, value);
    }),
  );
}

function missingKeyError(table: PgTable, name: string): CommandFailure {
  return new CommandFailure(
    EXIT.failed,
    `Nothing was written. Sample rows of ${nameOf(table)} are identified by ${name}, but one row has no value for ${name}: add the value.`,
  );
}

async function resolveReferences(tx: SeedTransaction, table: PgTable, row: Row): Promise<Row> {
  const entries: [string, unknown][] = [];
  for (const [key, value] of Object.entries(row)) {
    const isReference = value instanceof RowReference;
    entries.push([key, isReference ? await findReferencedValue(tx, table, key, value) : value]);
  }
  return Object.fromEntries(entries);
}

async function findReferencedValue(
  tx: SeedTransaction,
  table: PgTable,
  key: string,
  reference: RowReference,
): Promise<unknown> {
  const column = referencedColumn(table, key, reference.table);
  const [found] = await tx
    .select({ value: column })
    .from(reference.table)
    .where(keyCondition(reference.table, await resolveReferences(tx, reference.table, reference.key)))
    .limit(1);
  if (found !== undefined) return found.value;
  throw new CommandFailure(
    EXIT.failed,
    `Nothing was written. A sample row of ${nameOf(table)} refers by ${key} to a row of ${nameOf(reference.table)} that does not exist.` +
      ` Add that row to the sample rows of the app, before those of ${nameOf(table)}.`,
  );
}
