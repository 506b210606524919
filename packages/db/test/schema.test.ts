/** The tables keep the guarantees in their header comments. */
import { emptyBranch, testBranch } from '@todo/local-neon/vitest';
import { eq, sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';

import { connectHttp } from '../src/index.ts';
import { migrate } from '@todo/migrator';
import { todo, user } from '../src/schema/index.ts';
import { firstMigration } from './first-migration.ts';
import { migrationsFolder } from './migrations-folder.ts';
import { query } from './query.ts';

const { url } = await testBranch();
const db = connectHttp(url);
const ada = { email: 'ada@example.com', hashedPassword: 'h' };

async function newUser(email: string): Promise<number> {
  const [row] = await db.insert(user).values({ email, hashedPassword: 'h' }).returning({ id: user.id });
  return row!.id;
}

test('the first migration creates exactly these columns, indexes and constraints, with these names', async () => {
  const { url: fresh } = await emptyBranch();
  await migrate(fresh, await migrationsFolder(await firstMigration()));
  const columns = await query(
    fresh,
    `select concat_ws(' ', table_name, column_name, data_type, character_maximum_length,
       case is_nullable when 'NO' then 'not null' end, column_default) as line
     from information_schema.columns where table_schema = 'public' order by table_name desc, ordinal_position`,
  );
  const indexes = await query(fresh, `select indexdef as line from pg_indexes where schemaname = 'public' order by 1`);
  const foreignKeys = await query(
    fresh,
    `select conname || ' ' || pg_get_constraintdef(oid) as line from pg_constraint
     where connamespace = 'public'::regnamespace and contype not in ('n', 'p')`,
  );
  expect([...columns, ...indexes, ...foreignKeys].map(({ line }) => line)).toEqual([
    `user id integer not null nextval('user_id_seq'::regclass)`,
    'user email character varying 255 not null',
    'user hashed_password character varying 255 not null',
    'user created_at timestamp with time zone not null now()',
    'user updated_at timestamp with time zone not null now()',
    `todo id integer not null nextval('todo_id_seq'::regclass)`,
    'todo title character varying 200 not null',
    'todo description text',
    'todo is_completed boolean not null false',
    'todo user_id integer not null',
    'todo created_at timestamp with time zone not null now()',
    'todo updated_at timestamp with time zone not null now()',
    'CREATE INDEX idx_todo_user_id ON public.todo USING btree (user_id)',
    'CREATE UNIQUE INDEX idx_user_email_unique ON public."user" USING btree (email)',
    'CREATE UNIQUE INDEX todo_pkey ON public.todo USING btree (id)',
    'CREATE UNIQUE INDEX user_pkey ON public."user" USING btree (id)',
    'todo_user_id_fkey FOREIGN KEY (user_id) REFERENCES "user"(id) ON DELETE CASCADE',
  ]);
});

describe('updated_at', () => {
  const longAgo = new Date('2001-01-01T00:00:00Z');

  test('every update sets updated_at to the server’s time, and created_at does not change', async () => {
    const userId = await newUser('clock@example.com');
    await db.update(user).set({ createdAt: longAgo, updatedAt: longAgo }).where(eq(user.id, userId));
    const change = db.update(user).set({ hashedPassword: 'other' }).where(eq(user.id, userId)).returning();
    // One batch is one transaction, and `now()` is constant in a transaction.
    const [{ rows }, [row]] = await db.batch([db.execute<{ now: Date }>(sql`select now()`), change]);
    expect(row).toMatchObject({ createdAt: longAgo, updatedAt: new Date(rows[0]!.now) });
  });

  test('updated_at changes when a todo changes', async () => {
    const userId = await newUser('todo-clock@example.com');
    const [made] = await db.insert(todo).values({ title: 't', userId, updatedAt: longAgo }).returning();
    const [changed] = await db.update(todo).set({ isCompleted: true }).where(eq(todo.id, made!.id)).returning();
    expect(changed!.updatedAt.getTime()).toBeGreaterThan(longAgo.getTime());
  });

  test('updated_at changes when an insert becomes an update', async () => {
    const userId = await newUser('upsert@example.com');
    await db.update(user).set({ updatedAt: longAgo }).where(eq(user.id, userId));
    const [row] = await db
      .insert(user)
      .values({ email: 'upsert@example.com', hashedPassword: 'other' })
      .onConflictDoUpdate({ target: user.email, set: { hashedPassword: 'other' } })
      .returning();
    expect(row).toMatchObject({ id: userId });
    expect(row!.updatedAt.getTime()).toBeGreaterThan(longAgo.getTime());
  });
});

describe('rows that break a promise are refused by the constraint of its name', () => {
  test('a second user with the same email address is refused by its constraint', async () => {
    await db.insert(user).values(ada);
    await expect(db.insert(user).values(ada)).rejects.toMatchObject({
      code: '23505',
      constraint: 'idx_user_email_unique',
    });
  });

  test('a todo without an existing owner is refused by its constraint', async () => {
    await expect(db.insert(todo).values({ title: 't', userId: -1 })).rejects.toMatchObject({
      code: '23503',
      constraint: 'todo_user_id_fkey',
    });
  });
});

test('deleting a user deletes only their own todos', async () => {
  const [going, staying] = [await newUser('going@example.com'), await newUser('staying@example.com')];
  await db.insert(todo).values([going, going, staying].map((userId) => ({ title: 't', userId })));
  await db.delete(user).where(eq(user.id, going));
  expect(await db.$count(todo, eq(todo.userId, going))).toBe(0);
  expect(await db.$count(todo, eq(todo.userId, staying))).toBe(1);
});

test('relations find the owner of a todo and the todos of a user', async () => {
  const userId = await newUser('relations@example.com');
  await db.insert(todo).values({ title: 'mine', userId });
  const found = await db.query.todo.findFirst({
    where: eq(todo.userId, userId),
    with: { owner: { with: { todos: true } } },
  });
  expect(found?.owner).toMatchObject({ id: userId, todos: [{ title: 'mine' }] });
});
