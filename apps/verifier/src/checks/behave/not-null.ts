import { type Check, type Finding, verdict } from '../../check.ts';
import { type ColumnOnTrial, findInEachColumn } from './each-column.ts';
import { describeRefusal } from './refusal.ts';
import { rolledBack } from './rolled-back.ts';

export const notNull: Check = {
  id: 'behave/not-null',
  title: 'Each NOT NULL refuses null, and names its column',
  method: 'A row with null in one column after the other, in a transaction that is rolled back.',
  why: 'The code meets a null that its types exclude.',
  remedy: 'pnpm verify --only schema   # schema/column-nullability has the statement',
  severity: 'error',
  mode: 'rolls-back',
  needs: ['connect/websocket'],
  run: async ({ websocket, rows }) => verdict(await rolledBack(websocket, (tx) => findInEachColumn(tx, rows, tryNull))),
};

async function tryNull({ column, about, refusalOf }: ColumnOnTrial): Promise<Finding[]> {
  if (!column.notNull) return [];
  const refusal = await refusalOf(null);
  if (refusal?.code === '23502' && refusal.column === column.name) return [];
  return [
    {
      have: `null in ${about.table}.${about.name} is ${describeRefusal(refusal)}`,
      want: `refused with 23502 (not_null_violation) for ${about.name}`,
      about,
      follows: ['schema/column-nullability', 'schema/primary-key', 'schema/trigger-rule'],
    },
  ];
}
