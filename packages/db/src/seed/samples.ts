/** The app's sample rows: a few users with their todos. Other rows, todos of sample users too, stay as they are. */
import type { Samples } from '@todo/migrator';
import { and, asc, eq } from 'drizzle-orm';

import { todo } from '../schema/todo.ts';
import { user } from '../schema/user.ts';
import { SAMPLE_TIME, SAMPLE_USERS, type SampleTodo, type SampleUser } from './sample-data.ts';

type Database = Parameters<Samples['write']>[0];
type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];

const times = { createdAt: SAMPLE_TIME, updatedAt: SAMPLE_TIME };

export const samples: Samples = { write: writeSamples };

async function writeSamples(db: Database): Promise<string> {
  await db.transaction(async (tx) => {
    for (const sample of SAMPLE_USERS) await writeUser(tx, sample);
  });
  const todos = SAMPLE_USERS.flatMap((sample) => sample.todos);
  return `Sample data: ${SAMPLE_USERS.length} users, ${todos.length} todos.`;
}

async function writeUser(tx: Transaction, { email, hashedPassword, todos }: SampleUser): Promise<void> {
  const row = { email, hashedPassword, ...times };
  // The row stays locked until the end, so that of two seeds at once the second finds the todos of the first.
  const [owner] = await tx
    .insert(user)
    .values(row)
    .onConflictDoUpdate({ target: user.email, set: row })
    .returning({ id: user.id });
  if (owner === undefined) throw new Error('An upsert returned no row');
  for (const sample of todos) await writeTodo(tx, owner.id, sample);
}

/** A sample todo is known by its owner and title. */
async function writeTodo(tx: Transaction, userId: number, sample: SampleTodo): Promise<void> {
  const row = { userId, ...sample, ...times };
  const [existing] = await tx
    .select({ id: todo.id })
    .from(todo)
    .where(and(eq(todo.userId, userId), eq(todo.title, sample.title)))
    .orderBy(asc(todo.id))
    .limit(1);
  if (existing === undefined) await tx.insert(todo).values(row);
  else await tx.update(todo).set(row).where(eq(todo.id, existing.id));
}
