import { todo, user } from '@todo/db/schema';
import { insertTodoSchema, insertUserSchema } from '@todo/db/validators';
import { getTableColumns, getTableName, type Table } from 'drizzle-orm';
import type { ZodObject } from 'zod';

import { type Check, type Context, type Finding, verdict } from '../../check.ts';
import { fineRow, insertOwner, insertRaw, type RawRow } from '../behave/raw-row.ts';
import { describeRefusal, refusalOf } from '../behave/refusal.ts';
import { rolledBack, type Transaction } from '../behave/rolled-back.ts';

export const agreement: Check = {
  id: 'validate/agreement',
  title: 'What the validators let through, the database takes',
  method:
    'Values at the edge of every type, for every column: each that its validator accepts is written, then rolled back.',
  why: 'The database refuses what everything before it accepted, with an error that nobody wrote for people.',
  remedy: 'Correct the validator in packages/db/src/validators.',
  severity: 'error',
  mode: 'rolls-back',
  needs: ['connect/websocket'],
  run: async ({ websocket, rows, step }) => verdict(await rolledBack(websocket, (tx) => tryAll(tx, rows, step))),
};

const characters = [
  'x',
  'ß',
  '€',
  '𝕏',
  '👩‍👩‍👧',
  'e\u0301',
  ' ',
  '\u00A0',
  '\u0000',
  '\uD800',
  '\u202E',
  '\uFEFF',
  "'",
  '\\',
];

const EDGES: readonly unknown[] = [
  ...characters.flatMap((character) => [1, 199, 200, 201, 254, 255, 256].map((count) => character.repeat(count))),
  ...characters.map((character) => `a${character}b@example.com`),
  ...[64, 65, 200, 242, 243, 244].map((count) => `${'a'.repeat(count)}@example.com`),
  '',
  'NULL',
  'true',
  '0',
  'a@b',
  'a@b.cc',
  'A@B.CC',
  ' a@b.cc ',
  'ä@ö.de',
  '"a b"@c.dd',
  0,
  1,
  -1,
  1.5,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 53,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  true,
  false,
  null,
  undefined,
  [],
  {},
  new Date(0),
];

async function tryAll(tx: Transaction, rows: Context['rows'], step: Context['step']): Promise<Finding[]> {
  const ownerId = await insertOwner(tx, user, rows);
  const users = await tryTable(tx, user, insertUserSchema, () => fineRow(user, rows, ownerId));
  const todos = await tryTable(tx, todo, insertTodoSchema, () => fineRow(todo, rows, ownerId));
  step(`${users.accepted + todos.accepted} values accepted and written`);
  return [...users.findings, ...todos.findings];
}

async function tryTable(
  tx: Transaction,
  table: Table,
  validator: ZodObject,
  fine: () => RawRow,
): Promise<{ accepted: number; findings: Finding[] }> {
  const columns = Object.entries(getTableColumns(table)).filter(([key]) => key in validator.shape);
  const findings: Finding[] = [];
  let accepted = 0;
  // Who owns a todo is no question of form.
  for (const [key, { name }] of columns.filter(([, column]) => column.name !== 'user_id')) {
    for (const value of EDGES) {
      const row = fine();
      const sent = Object.fromEntries(columns.map(([other, column]) => [other, row[column.name]]));
      // A row that already exists has an id below zero, which no validator lets through.
      const { success, data } = validator.safeParse({ ...sent, ...('userId' in sent && { userId: 1 }), [key]: value });
      const stored = success ? (data as RawRow)[key] : undefined;
      if (stored === undefined) continue;
      accepted += 1;
      const refusal = await refusalOf(tx, (savepoint) => insertRaw(savepoint, table, { ...row, [name]: stored }));
      // Two spellings of one address: that is no question of form.
      if (refusal === undefined || refusal.code === '23505') continue;
      findings.push({
        have: `${getTableName(table)}.${name}: the validator accepts ${describeValue(value)}, the database: ${describeRefusal(refusal)}`,
        want: 'one verdict',
        about: { table: getTableName(table), name },
        follows: ['schema/*'],
      });
    }
  }
  return { accepted, findings };
}

function describeValue(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 30)}… (${text.length} long)` : text;
}
