/** Tests standard output, standard error and exit code of `migrate` and `status`. */
import { emptyBranch } from '@todo/local-neon/vitest';
import { describe, expect, test } from 'vitest';

import { migrate } from '../src/index.ts';
import { connectSession } from '@todo/client/session';
import { database } from './fixture/database.js';
import { run as runCommand, start } from './command.ts';
import { deployedPackage } from './deployed-package.ts';
import { migrationsFolder } from './migrations-folder.ts';
import { query } from './query.ts';

// The advisory lock of a run.
const LOCK = '1953457263, 1835624306';

const own = '0000_create_group_and_task';
const run = (url: string, ...args: string[]) => runCommand(args, { url });

describe('migrate', () => {
  test('prints the applied migrations, and on a second run that nothing is to be done', async () => {
    const { url } = await emptyBranch();
    expect(await run(url, 'migrate')).toMatchObject({ exitCode: 0, stdout: `applied ${own}\n` });
    expect(await run(url, 'migrate')).toMatchObject({ exitCode: 0, stdout: 'nothing to do: 1 migration applied\n' });
  });

  test('baselines a database that has the tables but no recorded migrations', async () => {
    const { url } = await emptyBranch();
    await migrate(url, database.migrations);
    await query(url, 'drop schema drizzle cascade');
    expect(await run(url, 'migrate')).toMatchObject({
      exitCode: 0,
      stdout: `baselined ${own}: the database already has its objects\n`,
      stderr: expect.stringContaining('comparing them with the schema of the migrations'),
    });
  });

  test('prints only the result with --json', async () => {
    const { url } = await emptyBranch();
    const { stdout } = await run(url, 'migrate', '--json');
    expect(JSON.parse(stdout)).toEqual({ applied: [own], baselined: [], unchanged: [] });
  });

  test('prints the statements with --dry-run, and runs none', async () => {
    const { url } = await emptyBranch();
    const { exitCode, stdout } = await run(url, 'migrate', '--dry-run');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^-- would apply 0000_create_group_and_task\nCREATE TABLE "task" \([^]*"email"\);\n$/);
    expect(JSON.parse((await run(url, 'migrate', '--dry-run', '--json')).stdout)).toEqual({
      pending: [{ name: own, isTransactional: true, statements: expect.any(Array) }],
      baselined: [],
      unchanged: [],
    });
    expect(await query(url, `select to_regclass('task') as task, to_regnamespace('drizzle') as history`)).toEqual([
      { task: null, history: null },
    ]);

    await query(url, stdout);
    expect((await run(url, 'migrate', '--dry-run')).stdout).toBe(
      `-- would baseline ${own}: the database already has its objects\n`,
    );
    await run(url, 'migrate');
    expect((await run(url, 'migrate', '--dry-run')).stdout).toBe('nothing to do: 1 migration applied\n');
  });

  test('prints the time limits, and accepts others', async () => {
    const { url } = await emptyBranch();
    const { stderr } = await run(url, 'migrate', '--lock-timeout', '500', '--statement-timeout', '60000');
    expect(stderr).toContain('lock_timeout 500 ms, statement_timeout 60000 ms\n');
    expect(await run(url, 'migrate', '--lock-timeout', '5s')).toMatchObject({ exitCode: 2, stdout: '' });
  });

  test('prints a failure as an object with --json', async () => {
    const { url } = await emptyBranch();
    await query(url, 'create type task as enum ()');
    const { exitCode, stdout } = await run(url, 'migrate', '--json');
    expect({ exitCode, ...JSON.parse(stdout) }).toEqual({
      exitCode: 1,
      error: { code: 'STATEMENT_FAILED', message: expect.stringContaining('SQLSTATE 42710') },
    });
  });

  test('exits with 1 if PostgreSQL refuses a statement, without a stack trace', async () => {
    const { url } = await emptyBranch();
    // An object of another kind has the name that the first migration needs.
    await query(url, 'create type task as enum ()');
    const { exitCode, stdout, stderr } = await run(url, 'migrate');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(`${own}.sql:1, statement 1 of 5: type "task" already exists (SQLSTATE 42710)`);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

test('prints what it waits for: another run and its session, then a lock on a table with attempts and pauses', async () => {
  const { url } = await emptyBranch();
  const notes = { name: '0000_notes', sql: 'CREATE TABLE note (id int);' };
  await migrate(url, await migrationsFolder(notes));
  const directory = await migrationsFolder(notes, { name: '0001_at', sql: 'ALTER TABLE note ADD COLUMN at date;' });
  await using other = await connectSession(`${url}?application_name=other-terminal`);
  await other.query(`select pg_advisory_lock(${LOCK}); begin; lock table note`);

  const { child, outcome } = start(['migrate', '--lock-timeout', '500'], {
    url,
    ...(await deployedPackage(directory)),
  });
  let stderr = '';
  child.stderr!.on('data', (text: Buffer) => void (stderr += text.toString()));
  await expect
    .poll(() => stderr)
    .toMatch(/^Waiting for another run of migrations, pid \d+ \(other-terminal\), role todo/m);
  await other.query(`select pg_advisory_unlock(${LOCK})`);
  await expect
    .poll(() => stderr)
    .toMatch(/^0001_at: a table could not be locked \(attempt 1 of 6\)\. Trying again in 500 ms/m);
  await other.query('rollback');
  expect(await outcome).toMatchObject({ exitCode: 0, stdout: 'applied 0001_at\n' });
});

describe('status', () => {
  test('lists each migration, and exits with 0 only if nothing remains to be done', async () => {
    const { url } = await emptyBranch();
    expect(await run(url, 'status')).toEqual({
      exitCode: 1,
      stdout: `migration                   state         applied at\n${own}  pending       -\n`,
      stderr: expect.stringContaining('1 migration pending: run `pnpm db:migrate`.'),
    });
    await migrate(url, database.migrations);
    expect(await run(url, 'status')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(
        / applied {7}20\d\d-\d\d-\d\dT[\d:.]+Z\nThe live schema equals the schema of these migrations\.\n$/,
      ),
    });
    await query(url, 'drop table drizzle.todo_db_migrations');
    expect((await run(url, 'status')).stdout).toContain(`${own}  applied       time unknown\n`);
  });

  test('lists the drift of the schema, and exits with 1', async () => {
    const { url } = await emptyBranch();
    await migrate(url, database.migrations);
    await query(
      url,
      'alter table task drop column description',
      'create table somebody_elses (id integer)',
      'alter table "group" drop column updated_at, add column updated_at timestamptz not null default now()',
      'alter table "group" drop column created_at, add column created_at timestamptz not null default now()',
    );
    expect(await run(url, 'status')).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(
        /differs from the schema of these migrations:\n {2}table somebody_elses: not wanted, is table\n {2}column task\.description: missing, wanted text\n$/,
      ),
      stderr: expect.stringContaining('changed without a migration'),
    });
    const { drift } = JSON.parse((await run(url, 'status', '--json')).stdout);
    const place = { schema: 'public', table: 'task' };
    expect(drift).toContainEqual({ ...place, kind: 'column', name: 'description', change: 'missing', want: 'text' });
  });

  test('a column that was added manually and then to the schema is applied as its remedy says', async () => {
    const { url } = await emptyBranch();
    const first = { name: '0000_first', sql: 'CREATE TABLE note (id int);' };
    const sql = 'ALTER TABLE note ADD COLUMN body text;';
    const second = { name: '0001_kept', sql };
    const corrected = { ...second, sql: sql.replace('COLUMN', 'COLUMN IF NOT EXISTS') };
    await migrate(url, await migrationsFolder(first));
    await query(url, 'alter table note add column body text');
    await expect(migrate(url, await migrationsFolder(first, second))).rejects.toMatchObject({
      cause: { code: '42701' },
    });
    await migrate(url, await migrationsFolder(first, corrected));

    await query(url, 'drop schema drizzle cascade', 'drop table note');
    await migrate(url, database.migrations);
    await query(url, 'alter table task add column body text');
    expect((await run(url, 'status')).stderr).toContain('IF NOT EXISTS');
  });

  test('lists the problems of the migrations table with the SQL that ends them', async () => {
    const { url } = await emptyBranch();
    await migrate(url, database.migrations);
    await query(url, 'alter table drizzle.__drizzle_migrations alter id drop default');
    const { exitCode, stdout, stderr } = await run(url, 'status');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('The migrations table has 1 problem:\n  drizzle.__drizzle_migrations may lose or refuse');
    expect(stdout).toContain("    ALTER TABLE drizzle.__drizzle_migrations ALTER COLUMN id SET DEFAULT nextval('");
    expect(stderr).toContain('Correct drizzle.__drizzle_migrations as printed above');
  });

  test('lists differences that change no row and no result, and exits with 0', async () => {
    const { url } = await emptyBranch();
    await migrate(url, database.migrations);
    await query(url, `alter table task alter title set statistics 500`);
    const { exitCode, stdout } = await run(url, 'status');
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(
        'The live schema equals the schema of these migrations, except for harmless differences:\n  storage task.task: tuning is',
      ),
    });
  });

  test('distinguishes an edited migration from a pending one', async () => {
    const { url } = await emptyBranch();
    await migrate(url, database.migrations);
    await query(url, `update drizzle.__drizzle_migrations set hash = 'other'`);
    const { exitCode, stdout } = await run(url, 'status', '--json');
    expect({ exitCode, ...JSON.parse(stdout) }).toEqual({
      exitCode: 1,
      migrations: [{ name: own, state: 'edited', appliedAt: expect.any(String) }],
      problems: [],
      drift: null,
    });
  });
});

test.each([
  ['ECONNREFUSED', 3, 'postgresql://me:secret@localhost:1/none'],
  ['DATABASE_URL_INVALID', 2, 'postgresql://me:se#cret@localhost:1/none'],
])(
  'status and migrate print a failure before connecting as an object with --json, too: %s',
  async (code, exitCode, url) => {
    for (const command of ['migrate', 'status']) {
      const outcome = await run(url, command, '--json');
      expect({ exitCode: outcome.exitCode, ...JSON.parse(outcome.stdout) }).toEqual({
        exitCode,
        error: { code, message: expect.not.stringContaining('cret') },
      });
    }
  },
);

test.each(['migrate', 'status'])('%s exits with 3 if it cannot connect', async (command) => {
  const outcome = await run('postgresql://me:secret@localhost:1/none', command);
  expect(outcome).toMatchObject({ exitCode: 3, stdout: '', stderr: expect.stringContaining('ECONNREFUSED') });
  expect(outcome.stderr).not.toContain('secret');
});
