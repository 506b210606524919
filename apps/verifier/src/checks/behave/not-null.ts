import { user } from '@todo/db/schema';
import { getTableColumns, getTableName, type Table } from 'drizzle-orm';

import { type Check, type Context, type Finding, verdict } from '../../check.ts';
import { codeTables } from '../../code-tables.ts';
import { fineRow, insertOwner, insertRaw } from './raw-row.ts';
import { describeRefusal, refusalOf } from './refusal.ts';
import { rolledBack, type Transaction } from './rolled-back.ts';

export const notNull: Check = {
  id: 'behave/not-null',
  title: 'Each NOT NULL refuses null, and names its column',
  method: 'A row with null in one column after the other, in a transaction that is rolled back.',
  why: 'The code meets a null that its types exclude.',
  remedy: 'pnpm verify --only schema   # schema/column-nullability has the statement',
  severity: 'error',
  mode: 'rolls-back',
  needs: ['connect/websocket'],
  run: async ({ websocket, rows }) => verdict(await rolledBack(websocket, (tx) => tryAll(tx, rows))),
};

async function tryAll(tx: Transaction, rows: Context['rows']): Promise<Finding[]> {
  const ownerId = await insertOwner(tx, user, rows);
  const findings: Finding[] = [];
  for (const table of codeTables) {
    for (const { name } of Object.values(getTableColumns(table)).filter((column) => column.notNull)) {
      findings.push(...(await tryNull(tx, table, name, { ...fineRow(table, rows, ownerId), [name]: null })));
    }
  }
  return findings;
}

async function tryNull(
  tx: Transaction,
  table: Table,
  column: string,
  row: Parameters<typeof insertRaw>[2],
): Promise<Finding[]> {
  const refusal = await refusalOf(tx, (savepoint) => insertRaw(savepoint, table, row));
  if (refusal?.code === '23502' && refusal.column === column) return [];
  return [
    {
      have: `null in ${getTableName(table)}.${column} is ${describeRefusal(refusal)}`,
      want: `refused with 23502 (not_null_violation) for ${column}`,
      about: { table: getTableName(table), name: column },
      follows: ['schema/column-nullability', 'schema/primary-key', 'schema/trigger-rule'],
    },
  ];
}
