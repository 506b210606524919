/** `seed`: sample users with their todos, a few or as many as one asks for, on this machine only. */
import { and, asc, eq, sql } from 'drizzle-orm';

import { isLoopback, maskUrl } from '../connection-url.ts';
import { migrate } from '../migrate/index.ts';
import { todo } from '../schema/todo.ts';
import { user } from '../schema/user.ts';
import type { Transaction } from '../transaction.ts';
import { connectWebSocket, type WebSocketDatabase } from '../websocket.ts';
import { withDatabase } from './database.ts';
import { CommandFailure, EXIT } from './failure.ts';
import { refuse } from './migrate.ts';
import { SAMPLE_TIME, SAMPLE_USERS, type SampleTodo, type SampleUser } from './sample-data.ts';

const times = { createdAt: SAMPLE_TIME, updatedAt: SAMPLE_TIME };

export interface SeedOptions {
  /** How many users to generate. Default 10, when there are to be todos. */
  readonly users?: number;
  /** How many todos to generate. Default 10 for each user. */
  readonly todos?: number;
  /** Whether what was generated before, in another number, is deleted first. */
  readonly replace?: boolean;
}

/**
 * Without a number, writes the sample rows or restores them to what they were; with one, generates so many. Other rows, todos
 * of sample users too, stay as they are.
 */
export async function runSeed({ users, todos, replace = false }: SeedOptions = {}): Promise<void> {
  if (users === undefined && todos === undefined) {
    if (!replace) return onThisMachine(writeSamples);
    throw new CommandFailure(
      EXIT.wrongUsage,
      '`--replace` goes with `--users` or `--todos`: the few sample rows are restored anyway.',
    );
  }
  const size = { users: users ?? 10, todos: todos ?? (users ?? 10) * 10 };
  if (size.users === 0 && size.todos > 0)
    throw new CommandFailure(EXIT.wrongUsage, 'A todo needs a user: `--users` is 0.');
  // It takes development dependencies.
  const { generate } = await import('./generate-data.ts');
  await onThisMachine((db) => generate(db, size, replace));
}

async function onThisMachine(write: (db: WebSocketDatabase) => Promise<string>): Promise<void> {
  const written = await withDatabase('data', async (url) => {
    if (!isLoopback(url)) {
      throw new CommandFailure(
        EXIT.refused,
        `Nothing was done: ${maskUrl(url)} is not on this machine, and sample data belongs to no other.\n` +
          'Leave DATABASE_URL unset to use the local Neon of this checkout.',
      );
    }
    // A million rows go at once when they are replaced.
    await using db = connectWebSocket(url, { timeoutMs: 3_600_000 });
    await ensureTables(db, url);
    return await write(db);
  });
  process.stdout.write(`${written}\n`);
}

async function writeSamples(db: WebSocketDatabase): Promise<string> {
  await db.transaction(async (tx) => {
    for (const sample of SAMPLE_USERS) await writeUser(tx, sample);
  });
  const todos = SAMPLE_USERS.flatMap((sample) => sample.todos);
  return `Sample data: ${SAMPLE_USERS.length} users, ${todos.length} todos.`;
}

/** A new local Neon is empty, and sample data is a fine first thing to ask for. */
async function ensureTables(db: WebSocketDatabase, url: string): Promise<void> {
  const { rows } = await db.execute<{ isMissing: boolean }>(
    sql`select to_regclass('public.user') is null and to_regclass('public.todo') is null as "isMissing"`,
  );
  if (!rows[0]?.isMissing) return;
  process.stderr.write('There are no tables: applying the migrations first.\n');
  await migrate(url).catch(refuse);
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
