/** Fills a database with generated users and todos, in one transaction and with little memory, however many they are. */
import { SingleBar } from 'cli-progress';
import { like, sql } from 'drizzle-orm';

import { user } from '../schema/user.ts';
import type { Transaction } from '../transaction.ts';
import type { WebSocketDatabase } from '../websocket.ts';
import { CommandFailure, EXIT } from './failure.ts';
import {
  GENERATED_DOMAIN,
  generatedTodos,
  generatedUsers,
  type GeneratedTodo,
  type GeneratedUser,
} from './generated-data.ts';

export interface Size {
  readonly users: number;
  readonly todos: number;
}

/** In one statement, and so in memory. */
const ROWS_MAX = 5_000;

/** Generates so many, unless they are there already; returns what to say about it. Another number is refused, or replaced. */
export function generate(db: WebSocketDatabase, wanted: Size, replace: boolean): Promise<string> {
  return db.transaction(async (tx) => {
    // Of two at once the second finds the rows of the first.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext('todo sample data'))`);
    const existing = await sizeOf(tx);
    if (existing.users === wanted.users && existing.todos === wanted.todos)
      return `${describe(wanted)} They are there already.`;
    if (existing.users > 0 && !replace) {
      throw new CommandFailure(
        EXIT.refused,
        `Nothing was done: there is generated data of another size: ${existing.users} users with ${existing.todos} todos.\n` +
          `Use --replace to delete it, users of ${GENERATED_DOMAIN} with all their todos, and generate the other.`,
      );
    }
    if (existing.users > 0) await tx.delete(user).where(isGenerated);
    await write(tx, wanted);
    return describe(wanted);
  });
}

const isGenerated = like(user.email, `%@${GENERATED_DOMAIN}`);

function describe({ users, todos }: Size): string {
  return `Sample data: ${users} users, ${todos} todos.`;
}

async function sizeOf(tx: Transaction): Promise<Size> {
  const { rows } = await tx.execute<{ users: number; todos: number }>(sql`
    select count(*)::int as users,
      (select count(*)::int from todo where user_id in (select id from "user" where ${isGenerated})) as todos
    from "user" where ${isGenerated}`);
  return rows[0] ?? { users: 0, todos: 0 };
}

async function write(tx: Transaction, wanted: Size): Promise<void> {
  // Silent unless standard error is a terminal.
  const bar = new SingleBar({
    format: '{bar} {value} of {total} rows',
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(wanted.users + wanted.todos, 0);
  try {
    const ids: number[] = [];
    for (const rows of chunks(generatedUsers(wanted.users))) {
      for (const id of await insertUsers(tx, rows)) ids.push(id);
      bar.increment(rows.length);
    }
    for (const rows of chunks(generatedTodos(wanted.todos, wanted.users))) {
      await insertTodos(tx, rows, ids);
      bar.increment(rows.length);
    }
  } finally {
    bar.stop();
  }
}

function* chunks<T>(rows: Iterable<T>): Generator<T[]> {
  let chunk: T[] = [];
  for (const row of rows) {
    chunk.push(row);
    if (chunk.length < ROWS_MAX) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** Their ids, in the order of the rows. */
async function insertUsers(tx: Transaction, rows: readonly GeneratedUser[]): Promise<number[]> {
  const made = await tx.execute<{ id: number }>(sql`
    insert into "user" (email, hashed_password, created_at, updated_at)
    select email, hash, at, at
    from unnest(${column(rows, 'email')}::text[], ${column(rows, 'hashedPassword')}::text[], ${column(rows, 'createdAt')}::timestamptz[])
      as new (email, hash, at)
    returning id`);
  return made.rows.map(({ id }) => id);
}

async function insertTodos(tx: Transaction, rows: readonly GeneratedTodo[], ids: readonly number[]): Promise<void> {
  const owners = rows.map(({ owner }) => ids[owner]);
  await tx.execute(sql`
    insert into todo (title, description, is_completed, user_id, created_at, updated_at)
    select title, description, is_completed, user_id, at, at
    from unnest(${column(rows, 'title')}::text[], ${column(rows, 'description')}::text[],
      ${column(rows, 'isCompleted')}::boolean[], ${sql.param(owners)}::integer[], ${column(rows, 'createdAt')}::timestamptz[])
      as new (title, description, is_completed, user_id, at)`);
}

/** One parameter for the values of all rows. */
function column<Row>(rows: readonly Row[], key: keyof Row) {
  return sql.param(rows.map((row) => row[key]));
}
