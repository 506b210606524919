/** A file that runs outside a transaction: it is applied once and completely, however often it is interrupted. */
import { createHash } from 'node:crypto';

import { emptyBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

import { migrate, type MigrateEvent, migrationStatus, planMigrations } from '../src/index.ts';
import { connectSession } from '@todo/client/session';
import { migrationsFolder, rewriteFolder, type TestMigration } from './migrations-folder.ts';
import { query } from './query.ts';

const NEXT = '--> statement-breakpoint\n';
const outside = (name: string, ...statements: string[]): TestMigration => ({
  name,
  sql: `-- migrate: no transaction\n${statements.join(NEXT)}`,
});

const notes = { name: '0000_notes', sql: 'CREATE TABLE note (id integer, body text);' };
const build = 'CREATE UNIQUE INDEX CONCURRENTLY "note_id" ON "note" ("id");';
const indexed = outside(
  '0001_index',
  `INSERT INTO note VALUES (1, 'one');`,
  build,
  `INSERT INTO note VALUES (2, 'two');`,
);

async function migrated(...migrations: TestMigration[]): Promise<{ url: string; directory: string }> {
  const { url } = await emptyBranch();
  const directory = await migrationsFolder(...migrations);
  await migrate(url, directory);
  return { url, directory };
}

const indexesOf = (url: string) =>
  query(
    url,
    `select indexrelid::regclass::text as name, indisvalid as valid from pg_index where indrelid = 'note'::regclass`,
  );

async function statusOf(url: string, directory: string) {
  await using session = await connectSession(url);
  return (await migrationStatus(session, directory)).at(-1);
}

/** Simulates a killed run: the last of these statements was begun, and its result was not recorded. */
async function forget(url: string, ...begun: string[]): Promise<void> {
  const checksum = createHash('sha256').update(JSON.stringify(begun)).digest('hex');
  await query(
    url,
    'delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations)',
    `update drizzle.todo_db_migrations set applied_at = null, statements_begun = ${begun.length},
       statements_done = ${begun.length - 1}, checksum = '${checksum}' where name = '0001_index'`,
  );
}

test('a file outside a transaction may build an index concurrently, and add an enum value and use it', async () => {
  const { url, directory } = await migrated(
    { name: '0000_mood', sql: `CREATE TYPE mood AS ENUM ('ok');${NEXT}CREATE TABLE note (id integer, body mood);` },
    outside(
      '0001_index',
      build,
      // The lock timeout that the build lifts is in force again after it.
      `CREATE TABLE limits AS SELECT current_setting('lock_timeout') AS body;`,
      `ALTER TYPE mood ADD VALUE 'glad';`,
      `INSERT INTO note VALUES (1, 'glad');`,
      'VACUUM note;',
    ),
  );
  expect(await indexesOf(url)).toEqual([{ name: 'note_id', valid: true }]);
  expect(await query(url, 'select body::text from note')).toEqual([{ body: 'glad' }]);
  expect(await query(url, 'select body from limits')).toEqual([{ body: '2s' }]);
  expect(await statusOf(url, directory)).toEqual({
    name: '0001_index',
    state: 'applied',
    appliedAt: expect.any(Date),
  });
});

test.each([
  ['builds an index concurrently', build, '25001'],
  ['uses a new enum value', `ALTER TYPE mood ADD VALUE 'x';${NEXT}SELECT 'x'::mood;`, '55P04'],
])('a file that %s without the marker fails with a message about the marker', async (_title, sql, sqlState) => {
  const { url, directory } = await migrated({ ...notes, sql: `${notes.sql}${NEXT}CREATE TYPE mood AS ENUM ('ok');` });
  await rewriteFolder(
    directory,
    { ...notes, sql: `${notes.sql}${NEXT}CREATE TYPE mood AS ENUM ('ok');` },
    { name: '0001_inside', sql },
  );
  await expect(migrate(url, directory)).rejects.toThrow(
    new RegExp(`\\(SQLSTATE ${sqlState}\\)[^]*Make \`-- migrate: no transaction\` the first line`),
  );
});

test.each(['-- migrate: no transactions', '-- Migrate: no transaction', '\n-- migrate: no transaction'])(
  'a misspelt or misplaced marker is refused: %j',
  async (marker) => {
    const { url } = await emptyBranch();
    const directory = await migrationsFolder({ name: '0000_marked', sql: `${marker}\nSELECT 1;` });
    await expect(migrate(url, directory)).rejects.toMatchObject({
      code: 'FOLDER_INVALID',
      message: expect.stringMatching(/^0000_marked\.sql:\d: the marker `.*its first line/),
    });
  },
);

async function leaveInvalid(url: string, directory: string): Promise<void> {
  await query(url, `insert into note values (1, 'twice')`);
  await rewriteFolder(directory, notes, indexed);
  await expect(migrate(url, directory)).rejects.toThrow('23505');
  await query(url, `delete from note where body = 'twice'`);
}

// With IF NOT EXISTS, PostgreSQL would accept the invalid index of a failed build.
test.each([build, build.replace('CONCURRENTLY', 'CONCURRENTLY IF NOT EXISTS')])(
  'a failed build keeps the earlier statements; its invalid index is dropped with a message and built again: %s',
  async (statement) => {
    const { url, directory } = await migrated(notes);
    await query(url, `insert into note values (1, 'twice')`);
    const [one, two] = [`INSERT INTO note VALUES (1, 'one');`, `INSERT INTO note VALUES (2, 'two');`];
    await rewriteFolder(directory, notes, outside('0001_index', one, statement, two));
    await expect(migrate(url, directory)).rejects.toThrow(
      /^0001_index\.sql:3, statement 2 of 3: .*23505[^]*are applied[^]*the next run drops it and builds it again/,
    );
    expect(await indexesOf(url)).toEqual([{ name: 'note_id', valid: false }]);
    expect(await statusOf(url, directory)).toEqual({ name: '0001_index', state: 'half-applied', statementsDone: 1 });

    await query(url, `delete from note where body = 'twice'`);
    const events: MigrateEvent[] = [];
    await migrate(url, directory, { onProgress: (event) => events.push(event) });
    expect(events.slice(2)).toEqual([
      { kind: 'applying', name: '0001_index' },
      { kind: 'continuing', name: '0001_index', statementsDone: 1 },
      { kind: 'rebuilding', name: '0001_index', index: '"public"."note_id"' },
      { kind: 'applied', name: '0001_index' },
    ]);
    expect(await indexesOf(url)).toEqual([{ name: 'note_id', valid: true }]);
    expect(await query(url, 'select body from note order by id')).toEqual([{ body: 'one' }, { body: 'two' }]);
  },
);

test('a build that finished before the run was killed is found and kept', async () => {
  const { url, directory } = await migrated(notes, indexed);
  await query(url, 'delete from note where id = 2');
  await forget(url, `INSERT INTO note VALUES (1, 'one');`, build);
  const events: MigrateEvent[] = [];
  await migrate(url, directory, { onProgress: (event) => events.push(event) });
  expect(events).toContainEqual({ kind: 'found', name: '0001_index', index: '"public"."note_id"' });
  expect(await query(url, 'select id from note order by id')).toEqual([{ id: 1 }, { id: 2 }]);
});

test('an existing index of the same name is not taken for the result of the build', async () => {
  const { url, directory } = await migrated(notes);
  await query(url, 'create index note_id on note (body)');
  await rewriteFolder(directory, notes, indexed);
  await expect(migrate(url, directory)).rejects.toMatchObject({ cause: { code: '42P07' } });
  await expect(migrate(url, directory)).rejects.toMatchObject({ cause: { code: '42P07' } });
});

test('a DROP that finished before the run was killed counts as done', async () => {
  const dropped = outside('0001_index', 'DROP INDEX CONCURRENTLY note_id;');
  const made = { ...notes, sql: `${notes.sql}${NEXT}CREATE INDEX note_id ON note (id);` };
  const { url, directory } = await migrated(made, dropped);
  await forget(url, 'DROP INDEX CONCURRENTLY note_id;');
  expect((await migrate(url, directory)).applied).toEqual(['0001_index']);
});

test('a DROP of a missing object fails in every run', async () => {
  const { url, directory } = await migrated(notes);
  await rewriteFolder(directory, notes, outside('0001_index', 'DROP INDEX CONCURRENTLY none_such;'));
  await expect(migrate(url, directory)).rejects.toMatchObject({ cause: { code: '42704' } });
  await expect(migrate(url, directory)).rejects.toMatchObject({ cause: { code: '42704' } });
});

test('a procedure may commit its own transactions', async () => {
  const { url, directory } = await migrated(notes);
  const procedure = `CREATE PROCEDURE fill() LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO note VALUES (1, 'one'); COMMIT; INSERT INTO note VALUES (2, 'two'); END $$;`;
  await rewriteFolder(directory, notes, outside('0001_index', procedure, 'CALL fill();'));
  expect((await migrate(url, directory)).applied).toEqual(['0001_index']);
  expect(await query(url, 'select id from note order by id')).toEqual([{ id: 1 }, { id: 2 }]);
});

test('an interruption in the first file is continued, and its tables are not taken for those of another tool', async () => {
  const { url } = await emptyBranch();
  const directory = await migrationsFolder(outside('0000_notes', notes.sql, 'nonsense;'));
  await expect(migrate(url, directory)).rejects.toMatchObject({ cause: { code: '42601' } });
  const rest = `INSERT INTO note VALUES (1, 'one');`;
  await rewriteFolder(directory, outside('0000_notes', notes.sql, rest));
  expect((await planMigrations(url, directory)).pending).toEqual([
    { name: '0000_notes', isTransactional: false, statements: [rest] },
  ]);
  expect((await migrate(url, directory)).applied).toEqual(['0000_notes']);
});

test('after an interruption the later statements of the file may be corrected, and the done ones may not', async () => {
  const { url, directory } = await migrated(notes);
  const [first, broken, last] = [
    `INSERT INTO note VALUES (1, 'one');`,
    'nonsense;',
    `INSERT INTO note VALUES (3, 'three');`,
  ];
  await rewriteFolder(directory, notes, outside('0001_index', first, broken, last));
  await expect(migrate(url, directory)).rejects.toMatchObject({ cause: { code: '42601' } });

  await rewriteFolder(directory, notes, outside('0001_index', `INSERT INTO note VALUES (9, 'nine');`, broken, last));
  await expect(migrate(url, directory)).rejects.toMatchObject({ code: 'HISTORY_EDITED' });
  await rewriteFolder(directory, notes, { name: '0001_index', sql: [first, last].join(NEXT) });
  await expect(migrate(url, directory)).rejects.toMatchObject({ code: 'HISTORY_EDITED' });
  await rewriteFolder(directory, notes);
  expect(await statusOf(url, directory)).toEqual({ name: '0001_index', state: 'unknown' });

  await rewriteFolder(directory, notes, outside('0001_index', first, last));
  await migrate(url, directory);
  expect(await query(url, 'select id from note order by id')).toEqual([{ id: 1 }, { id: 3 }]);
});

test('a setting at the beginning of the file holds for the rest of it, also after an interruption', async () => {
  const { url, directory } = await migrated(notes);
  const set = `SET statement_timeout = '7s';`;
  await rewriteFolder(directory, notes, outside('0001_index', set, 'nonsense;'));
  await expect(migrate(url, directory)).rejects.toThrow('42601');
  const read = `INSERT INTO note SELECT 1, current_setting('statement_timeout');`;
  await rewriteFolder(directory, notes, outside('0001_index', set, read));
  await migrate(url, directory);
  expect(await query(url, 'select body from note')).toEqual([{ body: '7s' }]);
});

test.each([
  ['for the first time', async () => {}],
  ['after a build that failed', leaveInvalid],
])('a concurrent build waits for older transactions longer than the lock_timeout: %s', async (_title, prepare) => {
  const { url, directory } = await migrated(notes);
  await prepare(url, directory);
  await using writer = await connectSession(url);
  await writer.query('begin');
  await writer.query(`insert into note values (5, 'five')`);
  await rewriteFolder(directory, notes, indexed);
  const run = migrate(url, directory, { tableLockTimeoutMs: 1, tableLockAttempts: 1 });
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(() => query(url, waiting)).toHaveLength(1);
  await writer.query('commit');
  expect((await run).applied).toEqual(['0001_index']);
  expect(await indexesOf(url)).toEqual([{ name: 'note_id', valid: true }]);
});

test('several statements without a breakpoint between them fail with a message about the breakpoint', async () => {
  const { url, directory } = await migrated(notes);
  await rewriteFolder(directory, notes, outside('0001_index', `${build}\nSELECT 1;`));
  await expect(migrate(url, directory)).rejects.toThrow(/25001[^]*with `--> statement-breakpoint`/);
});
