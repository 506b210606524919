/** `seed` writes the same rows each time, and touches no others. */
import { emptyBranch, testBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

import { run } from './command.ts';
import { query } from './query.ts';

const rowsOf = async (url: string) => ({
  users: await query(url, 'select u.*, u.created_at::text, u.updated_at::text from "user" u order by id'),
  todos: await query(url, 'select t.*, t.created_at::text, t.updated_at::text from todo t order by id'),
});

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

test('other rows stay, a todo that somebody added to a sample user too', async () => {
  const { url } = await testBranch();
  await run(['seed'], { url });
  await query(
    url,
    `insert into "user" (email, hashed_password) values ('mine@example.org', 'h')`,
    `insert into todo (title, user_id) select 'mine', id from "user" where email in ('mine@example.org', 'ada@example.com')`,
  );
  const before = await rowsOf(url);
  await run(['seed'], { url });
  expect(await rowsOf(url)).toEqual(before);
});

test('two at once write the rows once', async () => {
  const { url } = await testBranch();
  const outcomes = await Promise.all([run(['seed'], { url }), run(['seed'], { url })]);
  expect(outcomes).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }]);
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
