import type { Column } from 'drizzle-orm';

import { type Check, type Finding, verdict } from '../../check.ts';
import { type ColumnOnTrial, findInEachColumn } from './each-column.ts';
import { describeRefusal } from './refusal.ts';
import { rolledBack } from './rolled-back.ts';

export const lengths: Check = {
  id: 'behave/lengths',
  title: 'Text of the full length fits, and one character more does not',
  method: 'As many characters as each column takes, of one byte and of four, and one more; all is rolled back.',
  why: 'People cannot store what there is room for, or their text is cut.',
  remedy: 'pnpm verify --only schema   # schema/column-type has the statement',
  severity: 'error',
  mode: 'rolls-back',
  needs: ['connect/websocket'],
  run: async ({ websocket, rows }) =>
    verdict(await rolledBack(websocket, (tx) => findInEachColumn(tx, rows, tryLengths))),
};

/** PostgreSQL counts characters; what counts bytes, or halves of them, shows at the second. */
const CHARACTERS = [
  ['x', 'one byte'],
  ['𝕏', 'four bytes'],
] as const;

async function tryLengths({ column, about, refusalOf }: ColumnOnTrial): Promise<Finding[]> {
  const length = lengthOf(column);
  if (length === undefined) return [];
  const findings: Finding[] = [];
  for (const [character, size] of CHARACTERS) {
    const what = (count: number) => `${count} characters of ${size} in ${about.table}.${about.name}`;
    const found = (have: string, want: string) => void findings.push({ have, want, about, follows: FOLLOWS });
    const fits = await refusalOf(character.repeat(length));
    if (fits !== undefined) found(`${what(length)} are ${describeRefusal(fits)}`, 'accepted');
    const tooLong = await refusalOf(character.repeat(length + 1));
    if (tooLong?.code === '22001') continue;
    found(`${what(length + 1)} are ${describeRefusal(tooLong)}`, 'refused with 22001 (string_data_right_truncation)');
  }
  return findings;
}

const FOLLOWS = ['schema/column-type', 'schema/trigger-rule', 'schema/constraint-extra'];

function lengthOf(column: Column): number | undefined {
  const [, length] = /^varchar\((\d+)\)$/.exec(column.getSQLType()) ?? [];
  return length === undefined ? undefined : Number(length);
}
