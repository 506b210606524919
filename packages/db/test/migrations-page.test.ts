/** docs/migrations.md: its commands exist, and its SQL runs and passes the check. */
import { readFile } from 'node:fs/promises';

import { testBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

import { hasFile, readFolder } from '../src/migrate/folder.ts';
import { migrate } from '../src/migrate/index.ts';
import { lintMigrations } from '../src/migrate/lint/lint-migrations.ts';
import { run } from './command.ts';
import { migrationsFolder } from './migrations-folder.ts';
import { query } from './query.ts';

const read = (path: string) => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8');

test('each command of the page is there, with each of its flags', async () => {
  const page = await read('docs/migrations.md');
  const { scripts } = JSON.parse(await read('package.json'));
  const commands = [...page.matchAll(/pnpm (db:[a-z]+)/g)].map(([, name = '']) => name);
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(commands));

  const names = ['migrate', 'status', 'check', 'push', 'generate', 'reset'];
  const help = await Promise.all(names.map(async (name) => (await run([name, '--help'])).stdout));
  // pnpm's own.
  const flags = [...page.matchAll(/--[a-z][a-z-]+/g)]
    .map(([flag]) => flag)
    .filter((flag) => !/^--(filter|prod)$/.test(flag));
  for (const flag of flags) expect(help.join('\n')).toContain(flag);
});

test('the migrations of the page pass the check, run one after the other, and keep what is in the table', async () => {
  const page = await read('docs/migrations.md');
  const files = [...page.matchAll(/```sql title=(\S+)\.sql\n([^]*?)```/g)].map(([, name = '', sql = '']) => ({
    name,
    sql,
  }));
  expect(files).toHaveLength(5);
  const own = await read('packages/db/migrations/0000_create_user_and_todo.sql');
  const { entries } = JSON.parse(await read('packages/db/migrations/meta/_journal.json'));
  const when = entries[0].when;
  const directory = await migrationsFolder(
    { name: '0000_create_user_and_todo', sql: own, when },
    ...files.map((file, index) => ({ ...file, when: when + index + 1 })),
  );
  const folder = await readFolder(directory);
  expect(await lintMigrations(folder.migrations.filter(hasFile), () => true)).toEqual([]);

  const { url } = await testBranch();
  await query(
    url,
    `insert into "user" (email, hashed_password) values ('a@example.com', 'h')`,
    `insert into todo (title, description, user_id)
     select 'todo ' || n, case when n % 2 = 0 then 'text ' || n end, 1 from generate_series(1, 2500) n`,
  );
  expect((await migrate(url, { directory })).applied).toEqual(files.map(({ name }) => name));
  expect(
    await query(url, `select count(*)::int, count(*) filter (where notes = 'text ' || id)::int as kept from todo`),
  ).toEqual([{ count: 2500, kept: 1250 }]);
});
