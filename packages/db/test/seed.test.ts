/** `seed` writes the same rows each time, few or many, and touches no others. */
import { emptyBranch, testBranch } from '@todo/local-neon/vitest';
import { describe, expect, test } from 'vitest';

import { connectSession } from '@todo/client/session';
import { insertTodoSchema, insertUserSchema } from '../src/validators/index.ts';
import { type Outcome, run } from './command.ts';
import { query } from './query.ts';

const rowsOf = async (url: string) => ({
  users: await query(url, 'select u.*, u.created_at::text, u.updated_at::text from "user" u order by id'),
  todos: await query(url, 'select t.*, t.created_at::text, t.updated_at::text from todo t order by id'),
});

const seed = (url: string, ...flags: string[]) => run(['seed', ...flags], { url });

/** Neither has ended when the other looks at what is there. */
async function twoAtOnce(url: string, ...flags: string[]): Promise<Outcome[]> {
  await using gate = await connectSession(url);
  await gate.query('begin; lock table "user" in exclusive mode');
  const both = Promise.all([seed(url, ...flags), seed(url, ...flags)]);
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(() => query(url, waiting)).toHaveLength(2);
  await gate.query('commit');
  return both;
}

test('twice is the same as once, and what was changed meanwhile is restored', async () => {
  const { url } = await testBranch();
  expect(await run(['seed'], { url })).toMatchObject({ exitCode: 0, stdout: 'Sample data: 3 users, 5 todos.\n' });
  const once = await rowsOf(url);
  expect(once.users).toHaveLength(3);
  expect(once.todos).toHaveLength(5);

  await query(url, `update todo set is_completed = not is_completed`, `update "user" set hashed_password = 'changed'`);
  expect(await run(['seed'], { url })).toMatchObject({ exitCode: 0 });
  expect(await rowsOf(url)).toEqual(once);
});

test('other rows stay, a todo that somebody added to a sample user or named like a sample too', async () => {
  const { url } = await testBranch();
  await query(
    url,
    `insert into "user" (email, hashed_password) values ('mine@example.org', 'h')`,
    `insert into todo (title, user_id) select 'Write the notes', id from "user"`,
  );
  const mine = await rowsOf(url);
  await run(['seed'], { url });
  expect((await rowsOf(url)).todos).toEqual([...mine.todos, ...Array.from({ length: 5 }, () => expect.anything())]);
  await query(
    url,
    `insert into todo (title, user_id) select 'mine', id from "user" where email in ('mine@example.org', 'ada@example.com')`,
  );
  const before = await rowsOf(url);
  await run(['seed'], { url });
  expect(await rowsOf(url)).toEqual(before);
});

test('two at once write the rows once', async () => {
  const { url } = await testBranch();
  expect(await twoAtOnce(url)).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }]);
  expect((await rowsOf(url)).todos).toHaveLength(5);
});

test('a database without tables is migrated first', async () => {
  const { url } = await emptyBranch();
  expect(await run(['seed'], { url })).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining('applying the migrations first'),
  });
  expect((await rowsOf(url)).todos).toHaveLength(5);
});

test('a database that is not on this machine is refused with exit code 4', async () => {
  const url = 'postgresql://ada:s3cret@ep-x.region.example.invalid/main';
  const { exitCode, stdout, stderr } = await run(['seed'], { url });
  expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
  expect(stderr).toMatch(/ada:\*\*\*@ep-x.*not on this machine.*DATABASE_URL/s);
  expect(stderr).not.toContain('s3cret');
});

describe('in a number', () => {
  test('it is that many, spread over the users, and all of them would pass the validators', async () => {
    const { url } = await testBranch();
    expect(await seed(url, '--users', '7', '--todos', '6000')).toEqual({
      exitCode: 0,
      stdout: 'Sample data: 7 users, 6000 todos.\n',
      // Without a terminal there is no progress bar.
      stderr: expect.stringMatching(/^Database: \S+ \(DATABASE_URL\)\n$/),
    });
    const { users, todos } = await rowsOf(url);
    expect(users).toHaveLength(7);
    expect(todos).toHaveLength(6_000);
    for (const { email, hashed_password: hashedPassword } of users) {
      expect(insertUserSchema.parse({ email, hashedPassword })).toEqual({ email, hashedPassword });
    }
    for (const { title, description, is_completed: isCompleted, user_id: userId } of todos) {
      expect(insertTodoSchema.safeParse({ title, description, isCompleted, userId }).success).toBe(true);
    }
    const each = await query(url, 'select count(*)::int as todos from todo group by user_id order by 1');
    expect(each.map((row) => row['todos'])).toEqual([857, 857, 857, 857, 857, 857, 858]);
  });

  test('the same number again changes nothing, and another database gets the same rows', async () => {
    const [{ url }, { url: other }] = [await testBranch(), await testBranch()];
    await seed(url, '--users', '3');
    const once = await rowsOf(url);
    expect(once.todos).toHaveLength(30);
    expect(await seed(url, '--users', '3', '--todos', '30')).toMatchObject({
      exitCode: 0,
      stdout: 'Sample data: 3 users, 30 todos. They are there already.\n',
    });
    expect(await rowsOf(url)).toEqual(once);
    await seed(other, '--users', '3');
    expect(await rowsOf(other)).toEqual(once);
  });

  test('another number is refused with exit code 4, and with --replace takes the place of the first; other rows stay', async () => {
    const { url } = await testBranch();
    await seed(url);
    await seed(url, '--users', '2', '--todos', '5');
    const before = await rowsOf(url);
    const refused = await seed(url, '--users', '2', '--todos', '6');
    expect(refused).toMatchObject({ exitCode: 4, stdout: '' });
    expect(refused.stderr).toMatch(/2 users with 5 todos.*--replace/s);
    expect(await rowsOf(url)).toEqual(before);

    expect(await seed(url, '--users', '4', '--todos', '6', '--replace')).toMatchObject({ exitCode: 0 });
    const { users, todos } = await rowsOf(url);
    expect([users.length, todos.length]).toEqual([3 + 4, 5 + 6]);
    expect(users.slice(0, 3)).toEqual(before.users.slice(0, 3));
    expect(todos.slice(0, 5)).toEqual(before.todos.slice(0, 5));
  });

  test('two at once generate them once', async () => {
    const { url } = await testBranch();
    expect(await twoAtOnce(url, '--users', '5')).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }]);
    expect((await rowsOf(url)).users).toHaveLength(5);
  });

  test.each([['--users', '-1'], ['--todos', 'many'], ['--users', '0', '--todos', '1'], ['--replace']])(
    'what cannot be meant is wrong usage: %s %s',
    async (...flags) => {
      expect(await run(['seed', ...flags], { url: 'postgresql://u:p@localhost:1/db' })).toMatchObject({ exitCode: 2 });
    },
  );
});
