/** The app's sample data: a few fixed rows, or any number of rows that the validators accept. */
import { connectSession } from '@todo/client';
import { testBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

import { run } from './command.ts';
import { insertTodoSchema, insertUserSchema } from '../src/validators/index.ts';

const seed = async (url: string, ...flags: string[]) => (await run(['seed', ...flags], { url })).stdout;

async function rowsOf(url: string) {
  await using session = await connectSession(url);
  const users = await session.query('select email, hashed_password as "hashedPassword" from "user" order by id');
  const todos = await session.query(
    'select title, description, is_completed as "isCompleted", user_id as "userId" from todo order by id',
  );
  return { users: users.rows, todos: todos.rows };
}

test('the first run writes three users and five todos, and the second run changes nothing', async () => {
  const { url } = await testBranch();
  // The next lines list tables without samples.
  expect(await seed(url)).toMatch(/^Sample data: 3 rows of user, 5 rows of todo\.\n/);
  const once = await rowsOf(url);
  expect(once.users.map(({ email }) => email)).toEqual(['ada@example.com', 'grace@example.com', 'new@example.com']);
  expect(once.todos).toHaveLength(5);
  await seed(url);
  expect(await rowsOf(url)).toEqual(once);
});

test('generated rows pass the validators', async () => {
  const { url } = await testBranch();
  const stdout = await seed(url, '--rows', 'user=7', '--rows', 'todo=6000');
  expect(stdout).toMatch(/^Sample data: 7 rows of user, 6000 rows of todo\.\n/);
  const { users, todos } = await rowsOf(url);
  expect([users.length, todos.length]).toEqual([7, 6000]);
  for (const row of users) expect(insertUserSchema.parse(row)).toEqual(row);
  expect(todos.filter((row) => !insertTodoSchema.safeParse(row).success)).toEqual([]);
});
