/** Compares files, journal and migrations table: each contradiction is named, and stops a run before its first statement. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { emptyBranch } from '@todo/local-neon/vitest';
import { migrate as drizzleMigrate } from 'drizzle-orm/neon-serverless/migrator';
import { describe, expect, test } from 'vitest';

import { connectWebSocket } from '@todo/client';
import {
  migrate,
  migrationStatus,
  migrationsTableProblems,
  readFolder,
  readMigrationsTable,
  schemaDrift,
} from '../src/index.ts';
import { connectSession } from '@todo/client/session';
import { migrationsFolder, rewriteFolder, type TestMigration } from './migrations-folder.ts';
import { query } from './query.ts';

const [first, second, third] = ['0000_first', '0001_second', '0002_third'].map((name) => ({
  name,
  sql: `CREATE TABLE "${name}" (id integer);`,
})) as [TestMigration, TestMigration, TestMigration];

async function migrated(...migrations: TestMigration[]): Promise<{ url: string; directory: string }> {
  const { url } = await emptyBranch();
  const directory = await migrationsFolder(...migrations);
  await migrate(url, directory);
  return { url, directory };
}

async function statusOf(url: string, directory: string): Promise<string[]> {
  await using session = await connectSession(url);
  return (await migrationStatus(session, directory)).map(({ name, state }) => `${name} ${state}`);
}

async function runDrizzle(url: string, directory: string): Promise<void> {
  await using db = connectWebSocket({ schema: {} }, url);
  await drizzleMigrate(db, { migrationsFolder: directory });
}

const noShadow = () => Promise.reject(new Error('no comparison'));

const migrationsTableColumns = (url: string) =>
  query(
    url,
    `select column_name, data_type, is_nullable, column_default from information_schema.columns
     where table_schema = 'drizzle' and table_name = '__drizzle_migrations' order by ordinal_position`,
  );

const tablesOf = (url: string) =>
  query(
    url,
    `select relname::text as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
  );

describe('a run is refused before its first statement when', () => {
  test('an applied file was edited', async () => {
    const { url, directory } = await migrated(first);
    await rewriteFolder(directory, { ...first, sql: `${first.sql}\n-- better\n` }, second);
    expect(await statusOf(url, directory)).toEqual(['0000_first edited', '0001_second pending']);
    await expect(migrate(url, directory)).rejects.toMatchObject({
      code: 'HISTORY_EDITED',
      message: expect.stringContaining('0000_first: was changed after it was applied. Restore the file from git'),
    });
    expect(await tablesOf(url)).toEqual([{ name: '0000_first' }]);
  });

  test('the row of an applied file lost its hash', async () => {
    const { url, directory } = await migrated(first);
    await query(url, 'alter table drizzle.__drizzle_migrations alter hash drop not null');
    await query(url, 'update drizzle.__drizzle_migrations set hash = null');
    expect(await statusOf(url, directory)).toEqual(['0000_first edited']);
    await expect(migrate(url, directory)).rejects.toMatchObject({ code: 'HISTORY_EDITED' });
  });

  test('a row of the migrations table lost its date, so that it belongs to no file', async () => {
    const { url, directory } = await migrated(first);
    await query(url, `insert into drizzle.__drizzle_migrations (hash, created_at) values ('none', null)`);
    expect(await statusOf(url, directory)).toEqual(['0000_first applied', '1970-01-01T00:00:00.000Z none unknown']);
    await expect(migrate(url, directory)).rejects.toMatchObject({ code: 'HISTORY_UNKNOWN' });
  });

  test('the journal names a file that does not exist', async () => {
    const { url, directory } = await migrated(first);
    await rewriteFolder(directory, first, second, third);
    await rm(join(directory, '0001_second.sql'));
    expect(await statusOf(url, directory)).toEqual(['0000_first applied', '0001_second missing', '0002_third pending']);
    await expect(migrate(url, directory)).rejects.toMatchObject({
      code: 'HISTORY_MISSING',
      message: expect.stringContaining('0001_second'),
    });
    expect(await tablesOf(url)).toEqual([{ name: '0000_first' }]);
  });

  test('a file is not in the journal, as after a merge that lost a line', async () => {
    const { url, directory } = await migrated(first);
    await writeFile(join(directory, '0001_second.sql'), second.sql);
    expect(await statusOf(url, directory)).toEqual(['0000_first applied', '0001_second unknown']);
    await expect(migrate(url, directory)).rejects.toMatchObject({ code: 'HISTORY_UNKNOWN' });
  });

  test('the database has a migration that the folder does not have', async () => {
    const { url, directory } = await migrated(first, second);
    await rewriteFolder(directory, first, { ...third, when: Date.UTC(2026, 5) });
    expect(await statusOf(url, directory)).toEqual(['0000_first applied', '0002_third pending', '0001_second unknown']);
    // Another tool leaves only the date and the hash.
    await query(url, 'drop table drizzle.todo_db_migrations');
    expect(await statusOf(url, directory)).toEqual([
      '0000_first applied',
      '0002_third pending',
      expect.stringMatching(/^2026-01-02T00:00:00\.000Z [0-9a-f]{12} unknown$/),
    ]);
    await expect(migrate(url, directory)).rejects.toMatchObject({ code: 'HISTORY_UNKNOWN' });
    expect(await tablesOf(url)).toHaveLength(2);
  });

  test('a merged file is older than an applied one, so that Drizzle would never apply it', async () => {
    const { url, directory } = await migrated(first, { ...third, when: Date.UTC(2026, 5) });
    await rewriteFolder(
      directory,
      first,
      { ...second, when: Date.UTC(2026, 4) },
      { ...third, when: Date.UTC(2026, 5) },
    );
    expect(await statusOf(url, directory)).toEqual([
      '0000_first applied',
      '0001_second out-of-order',
      '0002_third applied',
    ]);
    await expect(migrate(url, directory)).rejects.toMatchObject({
      code: 'HISTORY_OUT_OF_ORDER',
      message: expect.stringContaining('0001_second: is not applied, and its `when` in'),
    });
    expect(await tablesOf(url)).toHaveLength(2);
  });

  test('the journal lists a newer file before an older one, also on an empty database', async () => {
    const { url } = await emptyBranch();
    const directory = await migrationsFolder({ ...first, when: Date.UTC(2026, 5) }, second);
    expect(await statusOf(url, directory)).toEqual(['0000_first pending', '0001_second out-of-order']);
    await expect(migrate(url, directory)).rejects.toMatchObject({ code: 'HISTORY_OUT_OF_ORDER' });
    expect(await tablesOf(url)).toEqual([]);
  });

  test('the row of an applied file was deleted, so that the file would run twice', async () => {
    const { url, directory } = await migrated(first, second);
    await query(url, 'delete from drizzle.__drizzle_migrations where id = 2');
    expect(await statusOf(url, directory)).toEqual(['0000_first applied', '0001_second unrecorded']);
    await expect(migrate(url, directory)).rejects.toMatchObject({
      code: 'HISTORY_UNRECORDED',
      message: expect.stringContaining('0001_second: was applied, according to drizzle.todo_db_migrations'),
    });

    // The remedy of the message for running the file again.
    await query(url, 'drop table "0001_second"', `delete from drizzle.todo_db_migrations where name = '0001_second'`);
    expect((await migrate(url, directory)).applied).toEqual(['0001_second']);
  });

  test('there are several contradictions, and all are named', async () => {
    const { url, directory } = await migrated(first);
    await rewriteFolder(directory, { ...first, sql: 'select 1' }, second);
    await rm(join(directory, '0001_second.sql'));
    await expect(migrate(url, directory)).rejects.toThrow(
      /0000_first: was changed[\s\S]*0001_second: is in the journal/,
    );
  });

  test.each([
    ['there is no journal', async (directory: string) => rm(join(directory, 'meta'), { recursive: true })],
    [
      'the journal is cut off',
      async (directory: string) => writeFile(join(directory, 'meta/_journal.json'), '{"entries": ['),
    ],
    [
      'the journal is something else',
      async (directory: string) => writeFile(join(directory, 'meta/_journal.json'), '{}'),
    ],
  ])('%s', async (_title, damage) => {
    const { url } = await emptyBranch();
    const directory = await migrationsFolder(first);
    await damage(directory);
    await expect(migrate(url, directory)).rejects.toMatchObject({
      code: 'FOLDER_INVALID',
      message: expect.stringContaining(join(directory, 'meta', '_journal.json')),
    });
  });
});

test('a migration that deletes its own record is noticed after the run', async () => {
  const { url } = await emptyBranch();
  const sql = 'DELETE FROM drizzle.__drizzle_migrations;';
  const directory = await migrationsFolder(first, { ...second, sql });
  await expect(migrate(url, directory)).rejects.toMatchObject({
    code: 'HISTORY_CHANGED',
    message: expect.stringContaining('0000_first (out-of-order)'),
  });
});

test('an unreadable migrations table stops a run, and is not changed', async () => {
  const { url, directory } = await migrated(first);
  await query(url, 'alter table drizzle.__drizzle_migrations drop hash');
  await rewriteFolder(directory, first, second);
  const refused = {
    code: 'MIGRATIONS_TABLE_UNREADABLE',
    message: expect.stringContaining(
      'drizzle.__drizzle_migrations has other columns: created_at bigint, id integer. Restore the table',
    ),
  };
  await expect(statusOf(url, directory)).rejects.toMatchObject(refused);
  await expect(migrate(url, directory)).rejects.toMatchObject(refused);
  expect(await tablesOf(url)).toEqual([{ name: '0000_first' }]);
});

test.each([
  ['weak', 'the table is unlogged: a crash empties it', 'alter table drizzle.__drizzle_migrations set unlogged'],
  ['weak', 'the column id has no default', 'alter table drizzle.__drizzle_migrations alter id drop default'],
  ['weak', 'the next id of its sequence is taken', `select setval('drizzle.__drizzle_migrations_id_seq', 1, false)`],
  [
    'weak',
    'an additional constraint may refuse the row',
    'alter table drizzle.__drizzle_migrations add constraint below_nine check (id < 9)',
    'Drop the constraint `below_nine`.',
  ],
  [
    'weak',
    'an additional column must not be null and has no default',
    `alter table drizzle.__drizzle_migrations add note text not null default ''; alter table drizzle.__drizzle_migrations alter note drop default`,
    'Drop the column `note`, or give it a default.',
  ],
  ['elsewhere', 'also public.__drizzle_migrations', 'create table __drizzle_migrations ()', 'DROP TABLE "public".'],
  [
    'elsewhere',
    'no drizzle.__drizzle_migrations, but public.__drizzle_migrations',
    'alter table drizzle.__drizzle_migrations set schema public',
    'ALTER TABLE "public".__drizzle_migrations SET SCHEMA drizzle;',
  ],
  [
    'unreadable',
    'is not a table',
    'alter table drizzle.__drizzle_migrations rename to m; create view drizzle.__drizzle_migrations as table drizzle.m',
  ],
  [
    'recorded-twice',
    '0000_first has 2 rows',
    'insert into drizzle.__drizzle_migrations (hash, created_at) select hash, created_at from drizzle.__drizzle_migrations',
  ],
])('the migrations table is reported as %s: %s', async (kind, have, sql, fix = '') => {
  const { url, directory } = await migrated(first);
  const problems = async () => {
    await using session = await connectSession(url);
    const { migrations } = await readFolder(directory);
    return migrationsTableProblems(await readMigrationsTable(session), migrations);
  };
  expect(await problems()).toEqual([]);
  for (const statement of sql.split('; ')) await query(url, statement);
  expect(await problems()).toMatchObject([
    { kind, have: expect.stringContaining(have), fix: expect.stringContaining(fix) },
  ]);
});

describe('migrationStatus', () => {
  test('returns the time of migrations that this tool applied, and none for those of another tool', async () => {
    const { url } = await emptyBranch();
    const directory = await migrationsFolder(first);
    await runDrizzle(url, directory);
    await rewriteFolder(directory, first, second);
    const before = Date.now();
    await migrate(url, directory);
    await using session = await connectSession(url);
    const [theirs, ours] = await migrationStatus(session, directory);
    expect(theirs).toEqual({ name: '0000_first', state: 'applied' });
    expect(ours?.appliedAt?.getTime()).toBeGreaterThan(before - 1000);
    expect(ours?.appliedAt?.getTime()).toBeLessThan(Date.now() + 1000);
  });

  test('returns all migrations as pending for a database that was never migrated, and writes nothing', async () => {
    const { url } = await emptyBranch();
    const directory = await migrationsFolder(first, second);
    expect(await statusOf(url, directory)).toEqual(['0000_first pending', '0001_second pending']);
    expect(await query(url, `select to_regnamespace('drizzle') as schema`)).toEqual([{ schema: null }]);
  });
});

test('a schema with contradictions in its history has no drift to compare', async () => {
  const { url, directory } = await migrated(first, second);
  await rewriteFolder(directory, first, { ...second, sql: 'SELECT 1;' });
  await using session = await connectSession(url);
  expect(await schemaDrift(session, directory, { shadow: noShadow })).toBeUndefined();
});

describe("Drizzle's migrator", () => {
  test('continues after our migrator: it applies no file twice, and the next file once', async () => {
    const { url, directory } = await migrated(first, second);
    await runDrizzle(url, directory);
    expect(await query(url, 'select id from drizzle.__drizzle_migrations')).toHaveLength(2);

    await rewriteFolder(directory, first, second, third);
    await runDrizzle(url, directory);
    expect(await statusOf(url, directory)).toEqual(['0000_first applied', '0001_second applied', '0002_third applied']);
  });

  test('is continued by our migrator', async () => {
    const { url } = await emptyBranch();
    const directory = await migrationsFolder(first, second);
    await runDrizzle(url, directory);
    await rewriteFolder(directory, first, second, third);
    expect(await migrate(url, directory)).toEqual({
      applied: ['0002_third'],
      baselined: [],
      unchanged: ['0000_first', '0001_second'],
    });
  });

  test('creates the same migrations table as our migrator', async () => {
    const ours = await migrated(first);
    const theirs = await emptyBranch();
    await runDrizzle(theirs.url, ours.directory);
    const rows = 'select * from drizzle.__drizzle_migrations';
    expect(await migrationsTableColumns(ours.url)).toEqual(await migrationsTableColumns(theirs.url));
    expect(await query(ours.url, rows)).toEqual(await query(theirs.url, rows));
  });
});
