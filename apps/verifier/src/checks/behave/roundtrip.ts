import { isDeepStrictEqual } from 'node:util';

import { todo, user } from '@todo/db/schema';
import { eq } from 'drizzle-orm';

import { type Check, type Context, type Finding, verdict } from '../../check.ts';
import { describeRefusal, refusalOf } from './refusal.ts';
import { rolledBack, type Transaction } from './rolled-back.ts';

/** What is lost, cut or run where somebody quotes, encodes or trims by hand. */
const TEXTS = [
  '👩‍👩‍👧 שלום 你好 e\u0301',
  `'; drop table todo; --`,
  String.raw`\' \\ \n $1 %s {"a": null}`,
  ' around \t\r\n',
  'null',
  '',
];

/** With milliseconds, and beyond what 32 bits count. */
const CREATED = new Date('2001-02-03T04:05:06.789Z');
const UPDATED = new Date('2038-01-19T03:14:08.001Z');

export const roundtrip: Check = {
  id: 'behave/roundtrip',
  title: 'Values come back as they were sent',
  method: 'Texts that are easily broken, null, times with milliseconds; written, read and compared, then rolled back.',
  why: 'People do not find again what they wrote.',
  remedy: 'pnpm verify --only connect schema   # encoding, standard_conforming_strings, types, triggers',
  severity: 'error',
  mode: 'rolls-back',
  needs: ['connect/websocket'],
  run: async ({ websocket, rows }) => verdict(await rolledBack(websocket, (tx) => writeAndRead(tx, rows))),
};

async function writeAndRead(tx: Transaction, rows: Context['rows']): Promise<Finding[]> {
  const userId = rows.id();
  await tx.insert(user).values({ id: userId, email: rows.email(), hashedPassword: 'verify' });
  const sent = [...TEXTS, null].map((description, index) => ({
    id: rows.id(),
    title: description ?? 'verify',
    description,
    isCompleted: index % 2 === 0,
    userId,
    createdAt: CREATED,
    updatedAt: UPDATED,
  }));
  await tx.insert(todo).values(sent);
  const read = await tx.select().from(todo).where(eq(todo.userId, userId));
  const findings = sent
    .filter((row) => !read.some((other) => isDeepStrictEqual(other, row)))
    .map((row) => ({
      have: `not there: ${JSON.stringify(row)}`,
      want: 'the row as it was sent',
      follows: ['schema/trigger-rule', 'schema/column-type', 'connect/server'],
    }));
  const zero = await refusalOf(tx, (savepoint) =>
    savepoint.insert(todo).values({ id: rows.id(), title: 'a\0b', userId }),
  );
  if (zero?.code === '22021') return findings;
  return [...findings, { have: `the character U+0000 is ${describeRefusal(zero)}`, want: 'refused with 22021' }];
}
