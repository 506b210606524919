/** `seed`: sample users with their todos, on this machine only. */
import { and, asc, eq, sql } from 'drizzle-orm';

import { isLoopback, maskUrl } from '../connection-url.ts';
import { migrate } from '../migrate/index.ts';
import { todo } from '../schema/todo.ts';
import { user } from '../schema/user.ts';
import { connectWebSocket, type WebSocketDatabase } from '../websocket.ts';
import { withDatabase } from './database.ts';
import { CommandFailure, EXIT } from './failure.ts';
import { refuse } from './migrate.ts';
import { SAMPLE_TIME, SAMPLE_USERS, type SampleTodo, type SampleUser } from './sample-data.ts';

const times = { createdAt: SAMPLE_TIME, updatedAt: SAMPLE_TIME };

type Transaction = Parameters<Parameters<WebSocketDatabase['transaction']>[0]>[0];

/** Writes the sample rows, or restores them to what they were. Other rows, todos of sample users too, stay as they are. */
export async function runSeed(): Promise<void> {
  await withDatabase('data', async (url) => {
    if (!isLoopback(url)) {
      throw new CommandFailure(
        EXIT.refused,
        `Nothing was done: ${maskUrl(url)} is not on this machine, and sample data belongs to no other.\n` +
          'Leave DATABASE_URL unset to use the local Neon of this checkout.',
      );
    }
    await using db = connectWebSocket(url);
    await ensureTables(db, url);
    await db.transaction(async (tx) => {
      for (const sample of SAMPLE_USERS) await writeUser(tx, sample);
    });
  });
  const todos = SAMPLE_USERS.flatMap((sample) => sample.todos);
  process.stdout.write(`Sample data: ${SAMPLE_USERS.length} users, ${todos.length} todos.\n`);
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
