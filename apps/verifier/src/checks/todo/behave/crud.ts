/** Creates, reads, changes and deletes a user and a todo, over either transport. */
import { isDeepStrictEqual } from 'node:util';

import type { Database } from '@todo/client';
import type { Database as TodoDatabase } from '@todo/db';
import { todo, user } from '@todo/db/schema';
import { eq } from 'drizzle-orm';

import { type Check, type Context, guarantee, type Outcome, verdict } from '../../../check.ts';
import { removeTodosOf, withOwnUsers } from '../own-users.ts';

export const crudHttp = crudOver('http', 'HTTP');
export const crudWebSocket = crudOver('websocket', 'WebSocket');

function crudOver(transport: 'http' | 'websocket', name: string): Check {
  return {
    id: `behave/crud-${transport}`,
    title: `Create, read, update and delete work over ${name}`,
    method: `Creates, finds, changes and deletes a user and a todo over ${name}, and compares each row with the values sent.`,
    why: 'Rows do not come back as they were written.',
    remedy: 'Correct the types, defaults and triggers of the table: `pnpm verify --only schema` prints the SQL.',
    mode: 'commits',
    needs: [`connect/${transport}`],
    run: (context) =>
      withOwnUsers(context[transport], context, (email) => proveCrud(context[transport], email, context.step)),
  };
}

/** Runs and records the steps. */
async function proveCrud(db: Database, email: string, step: Context['step']): Promise<Outcome> {
  const owner = await createUser(db, email);
  step(`created user (id ${owner.id})`);
  await findUser(db, owner, []);
  step('found user by email');
  const task = await createTodo(db, owner.id);
  step(`created todo (id ${task.id})`);
  await findUser(db, owner, [task]);
  step('found todo through its user');
  await completeTodo(db, task);
  step('completed todo');
  await deleteUser(db, owner.id);
  step('deleted user and cascade deleted todos');
  step('confirmed: neither user nor todo is left');
  return verdict([]);
}

type User = typeof user.$inferSelect;
type Todo = typeof todo.$inferSelect;

/** Not a hash, so nobody can log in with it. */
const PASSWORD = 'verify';

async function createUser(db: Database, email: string): Promise<User> {
  const sent = { email, hashedPassword: PASSWORD };
  const [created] = await db.insert(user).values(sent).returning();
  return expectCreated('the created user', created, sent);
}

async function findUser(db: Database, owner: User, todos: Todo[]): Promise<void> {
  // The clients of a run have the schema of the verified application.
  const { query } = db as TodoDatabase;
  const found = await query.user.findFirst({ where: eq(user.email, owner.email), with: { todos: true } });
  expectRow('the user found by email, with todos', found, { ...owner, todos });
}

async function createTodo(db: Database, userId: number): Promise<Todo> {
  const sent = { title: 'Read “verify” — it’s 100 % done ✓', userId };
  const [created] = await db.insert(todo).values(sent).returning();
  return expectCreated('the created todo', created, { ...sent, description: null, isCompleted: false });
}

async function completeTodo(db: Database, { id, ...before }: Todo): Promise<void> {
  const [changed] = await db.update(todo).set({ isCompleted: true }).where(eq(todo.id, id)).returning();
  expectRow('the completed todo', changed, { ...before, isCompleted: true, ...serverValues(changed), id });
}

async function deleteUser(db: Database, userId: number): Promise<void> {
  try {
    await db.delete(user).where(eq(user.id, userId));
    await confirmGone(db, userId);
  } finally {
    await removeTodosOf(db, userId);
  }
}

async function confirmGone(db: Database, userId: number): Promise<void> {
  const users = await db.$count(user, eq(user.id, userId));
  const todos = await db.$count(todo, eq(todo.userId, userId));
  guarantee(users === 0 && todos === 0, {
    have: `${users} users and ${todos} todos still exist after the delete of one user`,
    want: 'no rows',
    why: 'A deleted user leaves data behind.',
    fix: 'Create todo_user_id_fkey with ON DELETE CASCADE: `pnpm verify --only schema` prints the SQL.',
  });
}

/** Expects the sent values, and in columns that the server sets values of the right type. Other columns may have any default. */
function expectCreated<T extends User | Todo>(what: string, have: T | undefined, sent: Partial<T>): T {
  expectRow(what, have, have && { ...have, ...sent, ...serverValues(have) });
  return have;
}

/** The values of the columns that the server sets. Any value of the right type is accepted. */
function serverValues(row: User | Todo | undefined): Pick<User, 'id' | 'createdAt' | 'updatedAt'> {
  const { id, createdAt, updatedAt } = row ?? {};
  guarantee(typeof id === 'number' && createdAt instanceof Date && updatedAt instanceof Date, {
    have: `id ${typeof id}, created_at ${typeName(createdAt)}, updated_at ${typeName(updatedAt)}`,
    want: 'id number, created_at Date, updated_at Date',
    why: 'The code expects these types.',
  });
  return { id, createdAt, updatedAt };
}

function typeName(value: unknown): string {
  return value instanceof Date ? 'Date' : typeof value;
}

function expectRow<T>(what: string, have: T | undefined, want: T | undefined): asserts have is T {
  guarantee(have !== undefined && isDeepStrictEqual(have, want), {
    have: `${what}: ${JSON.stringify(have)}`,
    want: JSON.stringify(want),
  });
}
