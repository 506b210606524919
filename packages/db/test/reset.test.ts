/** `reset` leaves an empty, migrated database, on this machine or by an explicit wish. */
import { testBranch } from '@todo/local-neon/vitest';
import { describe, expect, test } from 'vitest';

import { migrationStatus } from '@todo/migrator';
import { connectSession } from '@todo/client/session';
import { run, start } from './command.ts';
import { query } from './query.ts';
import { hasTerminals, onTerminal } from './terminal.ts';

const remote = 'postgresql://ada:s3cret@ep-x.region.example.invalid/main';

test('every table goes, a stray one too, but for what an extension brought; and the migrations are applied again', async () => {
  const { url } = await testBranch();
  await query(
    url,
    `insert into "user" (email, hashed_password) values ('gone@example.com', 'h')`,
    'create table "Stray one" (n int references "user" (id))',
    'create view looking as select * from todo',
    'create extension citext',
    'create table brought (n int)',
    'alter extension citext add table brought',
  );
  expect(await run(['reset'], { url })).toMatchObject({
    exitCode: 0,
    stdout: 'dropped "Stray one", todo, "user"\napplied 0000_create_user_and_todo\n',
  });
  expect(
    await query(
      url,
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v') order by 1`,
    ),
  ).toEqual([{ relname: 'brought' }, { relname: 'todo' }, { relname: 'user' }]);
  expect(await query(url, 'select from "user"')).toEqual([]);
  await using session = await connectSession(url);
  expect(await migrationStatus(session)).toMatchObject([{ name: '0000_create_user_and_todo', state: 'applied' }]);
});

test('a database that is not on this machine is refused with exit code 4, with the flag that would allow it', async () => {
  const { exitCode, stdout, stderr } = await run(['reset'], { url: remote });
  expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
  expect(stderr).toMatch(/ada:\*\*\*@ep-x.*Nothing was done.*--yes-delete-everything/s);
  expect(stderr).not.toContain('s3cret');
});

test.each([[], ['--database', 'mai'], ['--database', 'MAIN'], ['--database', '']])(
  'the flag alone is not enough, without the name of the database in full: %j',
  async (...flags) => {
    const outcome = await run(['reset', '--yes-delete-everything', ...flags], { url: remote });
    expect(outcome).toMatchObject({ exitCode: 4, stdout: '', stderr: expect.stringContaining('--database') });
  },
);

describe.skipIf(!hasTerminals())('on a terminal it asks for the name', () => {
  const question = /Everything in postgresql:\/\/ada:\*\*\*@ep-x.* Type the database's name: /;
  const asked = (answer: string) => onTerminal(['reset', '--yes-delete-everything'], { url: remote, question, answer });

  test('and goes there when it is typed in full', async () => {
    expect(await asked('main\n')).toMatchObject({ exitCode: 3, output: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) });
  });

  test.each(['\n', 'mai\n', 'MAIN\n'])('and nowhere when it is not: %j', async (answer) => {
    expect(await asked(answer)).toMatchObject({ exitCode: 4, output: expect.stringContaining('Nothing was done') });
  });

  test.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('and ends with 130 on %s', async (_name, key) => {
    const { exitCode, output } = await asked(key);
    expect({ exitCode, output }).toEqual({ exitCode: 130, output: expect.stringContaining('nothing was done') });
    expect(output).not.toContain('bug');
  });
});

test('with both it goes there', async () => {
  const outcome = await run(['reset', '--yes-delete-everything', '--database', 'main'], { url: remote });
  expect(outcome).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) });
});

test('Ctrl-C ends it with exit code 130 and leaves everything as it was', async () => {
  const { url } = await testBranch();
  await query(url, `insert into "user" (email, hashed_password) values ('kept@example.com', 'h')`);
  await using holder = await connectSession(url);
  await holder.query('begin; lock table "user"');

  const { child, outcome } = start(['reset'], { url });
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(() => query(url, waiting)).toHaveLength(1);
  child.kill('SIGINT');
  expect(await outcome).toMatchObject({ exitCode: 130, stdout: '', stderr: expect.stringContaining('Interrupted') });

  await holder.query('rollback');
  expect(await query(url, 'select email from "user"')).toEqual([{ email: 'kept@example.com' }]);
});
