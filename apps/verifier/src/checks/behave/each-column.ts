/** Every column of every table, tried out on a row that is accepted otherwise. */
import type { DatabaseError } from '@todo/client';
import { todo, user } from '@todo/db/schema';
import { type Column, getTableColumns, getTableName } from 'drizzle-orm';

import type { Context, Finding } from '../../check.ts';
import { codeTables } from '../../code-tables.ts';
import { fineRow, insertOwner, insertRaw } from './raw-row.ts';
import { refusalOf } from './refusal.ts';
import type { Transaction } from './rolled-back.ts';

export interface ColumnOnTrial {
  readonly column: Column;
  readonly about: { readonly table: string; readonly name: string };
  /** What PostgreSQL says to a row with that value in the column; undefined when it takes it. */
  readonly refusalOf: (value: unknown) => Promise<DatabaseError | undefined>;
}

export async function findInEachColumn(
  tx: Transaction,
  rows: Context['rows'],
  find: (trial: ColumnOnTrial) => Promise<Finding[]>,
): Promise<Finding[]> {
  const ownerId = await insertOwner(tx, user, rows);
  const findings: Finding[] = [];
  for (const table of codeTables({ schema: { todo, user } })) {
    for (const column of Object.values(getTableColumns(table))) {
      const about = { table: getTableName(table), name: column.name };
      const write = (value: unknown) => (savepoint: Transaction) =>
        insertRaw(savepoint, table, { ...fineRow(table, rows, ownerId), [column.name]: value });
      findings.push(...(await find({ column, about, refusalOf: (value) => refusalOf(tx, write(value)) })));
    }
  }
  return findings;
}
