import { user } from '@todo/db/schema';
import { getTableColumns, getTableName, type Table } from 'drizzle-orm';

import { type Check, type Context, type Finding, verdict } from '../../check.ts';
import { codeTables } from '../../code-tables.ts';
import { fineRow, insertOwner, insertRaw } from './raw-row.ts';
import { describeRefusal, refusalOf } from './refusal.ts';
import { rolledBack, type Transaction } from './rolled-back.ts';

export const lengths: Check = {
  id: 'behave/lengths',
  title: 'Text of the full length fits, and one character more does not',
  method: 'As many characters as each column takes, of one byte and of four, and one more; all is rolled back.',
  why: 'People cannot store what there is room for, or their text is cut.',
  remedy: 'pnpm verify --only schema   # schema/column-type has the statement',
  severity: 'error',
  mode: 'rolls-back',
  needs: ['connect/websocket'],
  run: async ({ websocket, rows }) => verdict(await rolledBack(websocket, (tx) => tryAll(tx, rows))),
};

async function tryAll(tx: Transaction, rows: Context['rows']): Promise<Finding[]> {
  const ownerId = await insertOwner(tx, user, rows);
  const findings: Finding[] = [];
  for (const table of codeTables) {
    for (const { name, length } of limitedColumns(table)) {
      for (const character of ['x', '𝕏']) {
        const write = (count: number) => (savepoint: Transaction) =>
          insertRaw(savepoint, table, { ...fineRow(table, rows, ownerId), [name]: character.repeat(count) });
        const about = { table: getTableName(table), name };
        const what = (count: number) =>
          `${count} characters of ${Buffer.byteLength(character)} bytes in ${about.table}.${name}`;
        const fits = await refusalOf(tx, write(length));
        const tooLong = await refusalOf(tx, write(length + 1));
        const follows = ['schema/column-type', 'schema/trigger-rule', 'schema/constraint-extra'];
        if (fits !== undefined)
          findings.push({ have: `${what(length)} are ${describeRefusal(fits)}`, want: 'accepted', about, follows });
        if (tooLong?.code !== '22001') {
          const have = `${what(length + 1)} are ${describeRefusal(tooLong)}`;
          findings.push({ have, want: 'refused with 22001 (string_data_right_truncation)', about, follows });
        }
      }
    }
  }
  return findings;
}

function limitedColumns(table: Table): { name: string; length: number }[] {
  return Object.values(getTableColumns(table)).flatMap((column) => {
    const [, length] = /^varchar\((\d+)\)$/.exec(column.getSQLType()) ?? [];
    return length === undefined ? [] : [{ name: column.name, length: Number(length) }];
  });
}
