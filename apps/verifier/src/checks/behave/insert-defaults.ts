import { todo, user } from '@todo/db/schema';
import { sql } from 'drizzle-orm';

import { type Check, type Context, type Finding, verdict } from '../../check.ts';
import { rolledBack, type Transaction } from './rolled-back.ts';

export const insertDefaults: Check = {
  id: 'behave/insert-defaults',
  title: 'What an insert leaves out gets its default',
  method: 'A user and a todo with the columns that they must have, in a transaction that is rolled back.',
  why: 'New rows are not as the code believes them to be.',
  remedy: 'pnpm verify --only schema   # schema/column-default has the statement',
  severity: 'error',
  mode: 'rolls-back',
  needs: ['connect/websocket'],
  run: async ({ websocket, rows }) => verdict(await rolledBack(websocket, (tx) => insertBoth(tx, rows))),
};

async function insertBoth(tx: Transaction, rows: Context['rows']): Promise<Finding[]> {
  const userId = rows.id();
  const [owner] = await tx
    .insert(user)
    .values({ id: userId, email: rows.email(), hashedPassword: 'verify' })
    .returning({ ...isNow(user) });
  const [task] = await tx
    .insert(todo)
    .values({ id: rows.id(), title: 'verify', userId })
    .returning({ description: todo.description, isCompleted: todo.isCompleted, ...isNow(todo) });
  return [
    ...differences('user', owner, { createdAt: true, updatedAt: true }),
    ...differences('todo', task, { description: null, isCompleted: false, createdAt: true, updatedAt: true }),
  ];
}

/** To the microsecond, and by the server's clock: it stands still inside a transaction. */
function isNow(table: typeof user | typeof todo) {
  return {
    createdAt: sql<boolean>`${table.createdAt} = now()`,
    updatedAt: sql<boolean>`${table.updatedAt} = now()`,
  };
}

type Values = Readonly<Record<string, unknown>>;

function differences(table: string, have: Values | undefined, want: Values): Finding[] {
  return Object.entries(want)
    .filter(([key, value]) => have?.[key] !== value)
    .map(([key, value]) => ({
      have: `${table}.${key}${value === true ? ' = now()' : ''} is ${String(have?.[key])}`,
      want: String(value),
      about: { table },
      follows: ['schema/column-default', 'schema/trigger-rule'],
    }));
}
