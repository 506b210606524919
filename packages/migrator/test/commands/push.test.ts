/** `push` makes a database equal to the schema, or says why it did not. */
import { emptyBranch, testBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

import { compareCatalogs, readCatalog } from '@todo/migrator/catalog';
import { connectSession } from '@todo/client/session';
import { run } from '../command.ts';
import { query } from '../query.ts';

async function catalogOf(url: string) {
  await using session = await connectSession(url);
  return await readCatalog(session);
}

test('an empty database becomes what the migrations make, to the name; then there are no changes', async () => {
  const { url } = await emptyBranch();
  const pushed = await run(['push'], { url });
  expect(pushed).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^CREATE TABLE "task"/) });

  const migrated = await testBranch();
  expect(compareCatalogs(await catalogOf(url), await catalogOf(migrated.url))).toEqual([]);

  expect(await run(['push'], { url })).toMatchObject({
    exitCode: 0,
    stdout: 'No changes: the database equals the schema.\n',
  });
});

test('what was dropped comes back, and standard output holds the statement alone', async () => {
  const { url } = await testBranch();
  await query(url, 'drop index idx_task_group_id');
  const statement = 'CREATE INDEX "idx_task_group_id" ON "task" USING btree ("group_id");';
  expect(await run(['push'], { url })).toMatchObject({ exitCode: 0, stdout: `${statement}\n` });
});

test('what would lose data is refused with exit code 4 and left undone, until it is forced', async () => {
  const { url } = await testBranch();
  await query(url, 'create table extra (n int)', 'insert into extra values (1)', 'drop index idx_task_group_id');
  expect(await run(['push'], { url })).toMatchObject({
    exitCode: 4,
    stdout: '',
    stderr: expect.stringMatching(
      /Deleted with it:\n {2}1 row of "extra" {2}\(DROP TABLE "extra".*Nothing was done.*DROP TABLE "extra".*--force/s,
    ),
  });
  expect(await query(url, 'select n from extra')).toEqual([{ n: 1 }]);
  expect(await query(url, `select to_regclass('idx_task_group_id') as index`)).toEqual([{ index: null }]);

  expect(await run(['push', '--force'], { url })).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining('Deleted with it:\n  1 row of "extra"'),
  });
  expect(await query(url, `select to_regclass('extra') as table`)).toEqual([{ table: null }]);
});

test('what may be a rename is a failure that asks for a terminal, and nothing is done', async () => {
  const { url } = await testBranch();
  await query(url, 'alter table task rename column title to heading');
  const { exitCode, stdout, stderr } = await run(['push'], { url });
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toMatch(/Nothing was done.*renamed.*terminal/s);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('when PostgreSQL refuses a statement, those before it are undone', async () => {
  const { url } = await testBranch();
  await query(
    url,
    'alter table task drop column description',
    'drop index idx_group_email_unique',
    'create type idx_group_email_unique as (n int)',
  );
  const { exitCode, stdout, stderr } = await run(['push'], { url });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/ADD COLUMN "description".*\n.*idx_group_email_unique/);
  expect(stderr).toContain('PostgreSQL refused: relation "idx_group_email_unique" already exists (SQLSTATE 42P07)');
  expect(
    await query(url, `select from pg_attribute where attname = 'description' and attrelid = 'task'::regclass`),
  ).toEqual([]);
});

test('a column that holds values is counted by its values', async () => {
  const { url } = await testBranch();
  await query(url, 'alter table "group" add column nick text, add column empty text');
  await query(url, `insert into "group" (email, secret, nick) values ('a@b.c', 'h', 'ada'), ('b@b.c', 'h', null)`);
  expect(await run(['push'], { url })).toMatchObject({
    exitCode: 4,
    stderr: expect.stringMatching(/Deleted with it:\n {2}1 value of "group"\."nick" {2}\(ALTER TABLE .*\)\n[^ ]/),
  });
});

const remote = 'postgresql://ada:s3cret@ep-x.region.example.invalid';

test.each(['main', 'devil', 'mydevs'])('a database that others use is refused with exit code 4: %s', async (name) => {
  const { exitCode, stdout, stderr } = await run(['push', '--force'], { url: `${remote}/${name}` });
  expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
  expect(stderr).toMatch(/Nothing was done: postgresql:\/\/ada:\*\*\*@ep-x.*--force-remote/s);
  expect(stderr).not.toContain('s3cret');
});

test.each([['main', '--force-remote'], ['dev'], ['todo_development'], ['dev-ada']])(
  'a database named as one for development is not, nor any with --force-remote: %s',
  async (name, ...flags) => {
    expect(await run(['push', ...flags], { url: `${remote}/${name}` })).toMatchObject({ exitCode: 3 });
  },
);
