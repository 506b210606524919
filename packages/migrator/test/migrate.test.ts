/** Applying migrations: each file once, completely or not at all, and a failure contains PostgreSQL's whole error. */
import { emptyBranch } from '@todo/local-neon/vitest';
import { describe, expect, test } from 'vitest';

import { migrate, type MigrateEvent, type MigrateResult, MigrationError } from '../src/index.ts';
import { statementFailure } from '../src/migrate/statement-failure.ts';
import { connectSession } from '@todo/client/session';
import { database } from './fixture/database.js';
import { migrationsFolder, rewriteFolder } from './migrations-folder.ts';
import { query } from './query.ts';

// Two releases of the migrator use the same lock, so that they exclude each other.
const LOCK = '1953457263, 1835624306';

const notes = { name: '0000_notes', sql: 'CREATE TABLE note (id integer primary key, body text);' };
const firstNote = { name: '0001_first', sql: `INSERT INTO note VALUES (1, 'one');` };
const addAuthor = (column: string) => ({ name: '0002_author', sql: `ALTER TABLE note ADD COLUMN ${column};` });

/** The tables with their rows, and the migrations table: everything that a migration can leave behind here. */
async function stateOf(url: string) {
  const [tables] = await query(
    url,
    `select coalesce(array_agg(relname::text order by relname), '{}') as names from pg_class
     where relkind = 'r' and relnamespace in ('public'::regnamespace, to_regnamespace('drizzle'))`,
  );
  return tables?.['names'];
}

describe('migrate', () => {
  test('brings an empty database to the schema of its files, and a second run finds nothing to do', async () => {
    const { url } = await emptyBranch();
    expect(await migrate(url, database.migrations)).toEqual({
      applied: ['0000_create_group_and_task'],
      baselined: [],
      unchanged: [],
    });
    expect(await stateOf(url)).toEqual(['__drizzle_migrations', 'group', 'task', 'todo_db_migrations']);
    expect(await migrate(url, database.migrations)).toEqual({
      applied: [],
      baselined: [],
      unchanged: ['0000_create_group_and_task'],
    });
  });

  test('applies files in order, and later only the new ones', async () => {
    const { url } = await emptyBranch();
    const directory = await migrationsFolder(notes, firstNote);
    expect((await migrate(url, directory)).applied).toEqual(['0000_notes', '0001_first']);

    await rewriteFolder(directory, notes, firstNote, { name: '0002_last', sql: `INSERT INTO note VALUES (2, 'two');` });
    expect(await migrate(url, directory)).toEqual({
      applied: ['0002_last'],
      baselined: [],
      unchanged: ['0000_notes', '0001_first'],
    });
    expect(await query(url, 'select body from note order by id')).toEqual([{ body: 'one' }, { body: 'two' }]);
  });

  test('a column that was added without a migration keeps its values under ADD COLUMN IF NOT EXISTS', async () => {
    const { url } = await emptyBranch();
    const directory = await migrationsFolder(notes, firstNote);
    await migrate(url, directory);
    await query(url, `alter table note add column author text default 'Ada'`);
    await rewriteFolder(directory, notes, firstNote, addAuthor('author text'));
    await expect(migrate(url, directory)).rejects.toThrow('SQLSTATE 42701');
    await rewriteFolder(directory, notes, firstNote, addAuthor('IF NOT EXISTS author text'));
    expect((await migrate(url, directory)).applied).toEqual(['0002_author']);
    expect(await query(url, 'select author from note')).toEqual([{ author: 'Ada' }]);
  });

  test('applies each file once if four runs start at once', async () => {
    const { url } = await emptyBranch();
    const directory = await migrationsFolder(notes, {
      name: '0001_count',
      sql: `INSERT INTO note SELECT count(*), 'counted' FROM note;`,
    });
    const runs = await Promise.all([1, 2, 3, 4].map(() => migrate(url, directory)));
    expect(runs.flatMap(({ applied }) => applied).toSorted()).toEqual(['0000_notes', '0001_count']);
    expect(runs.filter(({ unchanged }) => unchanged.length === 2)).toHaveLength(3);
    expect(await query(url, 'select * from note')).toEqual([{ id: 0, body: 'counted' }]);
    expect(await query(url, 'select id from drizzle.__drizzle_migrations')).toHaveLength(2);
  });

  test('reports its events while it runs', async () => {
    const { url } = await emptyBranch();
    const events: MigrateEvent[] = [];
    const directory = await migrationsFolder(notes, firstNote);
    await migrate(url, directory, { onProgress: (event) => events.push(event) });
    expect(events).toEqual([
      { kind: 'connected', route: "Connected over Neon's WebSocket." },
      { kind: 'limits', lockTimeoutMs: 2000, statementTimeoutMs: 0 },
      { kind: 'applying', name: '0000_notes' },
      { kind: 'applied', name: '0000_notes' },
      { kind: 'applying', name: '0001_first' },
      { kind: 'applied', name: '0001_first' },
    ]);
  });

  test.each([
    ['of its own', '', 'todo-db migrate'],
    ['that the connection string gives', '?application_name=deploy', 'deploy'],
  ])('has an application_name %s', async (_title, parameters, expected) => {
    const { url } = await emptyBranch();
    const sql = `CREATE TABLE note AS SELECT current_setting('application_name') AS body;`;
    await migrate(`${url}${parameters}`, await migrationsFolder({ name: '0000_who', sql }));
    expect(await query(url, 'select body from note')).toEqual([{ body: expected }]);
  });

  test('refuses a pooled host and names the direct host, without connecting and without repeating the password', async () => {
    const url = 'postgresql://me:secret@ep-cool-rain-123-pooler.eu-central-1.aws.neon.tech/main';
    const error = await migrate(url, database.migrations).catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(MigrationError);
    expect(error).toMatchObject({
      code: 'POOLED_HOST',
      message: expect.stringContaining(' through ep-cool-rain-123.eu-central-1.aws.neon.tech:'),
    });
    expect(String(error)).not.toContain('secret');
  });

  test('says what to set if there is no connection string', async () => {
    await expect(migrate(undefined, database.migrations)).rejects.toMatchObject({ code: 'DATABASE_URL_MISSING' });
  });
});

describe('a failed statement', () => {
  const broken = {
    name: '0002_broken',
    sql: [
      'CREATE TABLE kept (id integer);--> statement-breakpoint',
      '-- naïve ☂ 𝄞',
      `INSERT INTO note`,
      `  VALUES (1, 'one');--> statement-breakpoint`,
      `SELECT 1;`,
    ].join('\n'),
  };

  test('rolls back its whole file, and leaves the earlier files applied', async () => {
    const { url } = await emptyBranch();
    const directory = await migrationsFolder(notes, firstNote, broken);
    await expect(migrate(url, directory)).rejects.toThrow(MigrationError);
    expect(await stateOf(url)).toEqual(['__drizzle_migrations', 'note', 'todo_db_migrations']);
    expect(await query(url, 'select id from drizzle.__drizzle_migrations')).toHaveLength(2);

    await rewriteFolder(directory, notes, firstNote, { ...broken, sql: 'CREATE TABLE kept (id integer);' });
    expect((await migrate(url, directory)).applied).toEqual(['0002_broken']);
  });

  test('is reported with file, line, statement, SQLSTATE, message and detail', async () => {
    const { url } = await emptyBranch();
    const directory = await migrationsFolder(notes, firstNote, broken);
    const error = await migrate(url, directory).catch((failure: unknown) => failure);
    expect(error).toMatchObject({ code: 'STATEMENT_FAILED', cause: { code: '23505', constraint: 'note_pkey' } });
    expect(String(error)).toBe(
      [
        'MigrationError: 0002_broken.sql:3, statement 2 of 3:' +
          ' duplicate key value violates unique constraint "note_pkey" (SQLSTATE 23505)',
        '  detail: Key (id)=(1) already exists.',
        '  in: INSERT INTO note',
        'The file was rolled back. Correct the file, then migrate again.',
      ].join('\n'),
    );
  });

  test('is reported with its exact line if PostgreSQL names the position, and with the hint', async () => {
    const { url } = await emptyBranch();
    const sql = `SELECT\n 1;\n--> statement-breakpoint\n\n-- first\nSELECT -- naïve ☂ 𝄞𝄞𝄞𝄞\n  bod FROM note;`;
    const directory = await migrationsFolder(notes, { name: '0001_typo', sql });
    await expect(migrate(url, directory)).rejects.toThrow(
      [
        '0001_typo.sql:7, statement 2 of 2: column "bod" does not exist (SQLSTATE 42703)',
        '  hint: Perhaps you meant to reference the column "note.body".',
        '  in: bod FROM note;',
      ].join('\n'),
    );
  });

  test('may be the COMMIT, which also rolls back the whole file', async () => {
    const { url } = await emptyBranch();
    const directory = await migrationsFolder(
      {
        name: '0000_tree',
        sql: 'CREATE TABLE tree (id int primary key, up int references tree deferrable initially deferred);',
      },
      { name: '0001_leaf', sql: 'INSERT INTO tree VALUES (1, 2);' },
    );
    await expect(migrate(url, directory)).rejects.toThrow(/^0001_leaf\.sql, COMMIT: .*\(SQLSTATE 23503\)/);
    expect(await query(url, 'select * from tree')).toEqual([]);
    expect(await query(url, 'select id from drizzle.__drizzle_migrations')).toHaveLength(1);
  });

  test('is retried after a lock timeout, with pauses in which other sessions continue', async () => {
    const { url } = await emptyBranch();
    const directory = await migrationsFolder(notes);
    await migrate(url, directory);

    await using reader = await connectSession(url);
    await reader.query('begin');
    await reader.query('select * from note');
    await rewriteFolder(directory, notes, { name: '0001_alter', sql: 'ALTER TABLE note ADD COLUMN at date;' });
    const events: MigrateEvent[] = [];
    const onProgress = (event: MigrateEvent) => events.push(event);
    const run = migrate(url, directory, { tableLockTimeoutMs: 10, tableLockAttempts: 3, onProgress });
    await expect(run).rejects.toMatchObject({ code: 'STATEMENT_FAILED', cause: { code: '55P03' } });
    expect(events.filter(({ kind }) => kind === 'retrying')).toEqual([
      { kind: 'retrying', name: '0001_alter', attempt: 1, attempts: 3, pauseMs: 10 },
      { kind: 'retrying', name: '0001_alter', attempt: 2, attempts: 3, pauseMs: 20 },
    ]);
    const release = ({ kind }: MigrateEvent) => kind === 'retrying' && void reader.query('rollback');
    expect(await migrate(url, directory, { tableLockTimeoutMs: 300, onProgress: release })).toMatchObject({
      applied: ['0001_alter'],
    });
  });

  test('is retried after a deadlock', async () => {
    const { url } = await emptyBranch();
    // A rollback does not restore the value of a sequence.
    await query(url, 'create sequence attempt');
    const sql = `DO $$ BEGIN IF nextval('attempt') < 3 THEN RAISE 'deadlock' USING ERRCODE = '40P01'; END IF; END $$;`;
    const directory = await migrationsFolder({ name: '0000_twice', sql });
    expect((await migrate(url, directory, { tableLockTimeoutMs: 10 })).applied).toEqual(['0000_twice']);
  });

  test('may be one that exceeded the statement timeout', async () => {
    const { url } = await emptyBranch();
    const directory = await migrationsFolder({ name: '0000_slow', sql: 'SELECT pg_sleep(60);' });
    const events: MigrateEvent[] = [];
    const run = migrate(url, directory, { statementTimeoutMs: 1500, onProgress: (event) => events.push(event) });
    await expect(run).rejects.toMatchObject({ cause: { code: '57014' } });
    expect(events).toContainEqual({ kind: 'limits', lockTimeoutMs: 2000, statementTimeoutMs: 1500 });
  });

  test('does not inherit settings of an earlier file', async () => {
    const { url } = await emptyBranch();
    const directory = await migrationsFolder(
      { name: '0000_set', sql: `SET search_path = '';--> statement-breakpoint\nSET lock_timeout = '1h';` },
      { name: '0001_look', sql: `CREATE TABLE note AS SELECT current_setting('lock_timeout') AS body;` },
    );
    await migrate(url, directory);
    expect(await query(url, 'select body from note')).toEqual([{ body: '2s' }]);
  });

  test.each(['COMMIT;', 'ROLLBACK;', 'COMMIT;--> statement-breakpoint\nBEGIN;', 'SELECT 1; COMMIT; SELECT 2;'])(
    'cannot be hidden by a %s: a file that ends its own transaction fails and is not recorded',
    async (end) => {
      const { url } = await emptyBranch();
      const sql = `CREATE TABLE early (id int);--> statement-breakpoint\n${end}`;
      const directory = await migrationsFolder(notes, { name: '0001_commits', sql });
      await expect(migrate(url, directory)).rejects.toMatchObject({
        code: 'TRANSACTION_ENDED',
        message: expect.stringMatching(/^0001_commits\.sql ends its transaction itself/),
      });
      expect(await query(url, 'select id from drizzle.__drizzle_migrations')).toHaveLength(1);
    },
  );

  test('is safe to repeat after a lost connection, and the message says so', async () => {
    const { url } = await emptyBranch();
    const sql = 'CREATE TABLE gone (id int);--> statement-breakpoint\nSELECT pg_terminate_backend(pg_backend_pid());';
    const directory = await migrationsFolder(notes, { name: '0001_gone', sql });
    await expect(migrate(url, directory)).rejects.toMatchObject({
      code: 'CONNECTION_LOST',
      message: expect.stringMatching(/statement 2 of 2 of 0001_gone\.sql: .* it is safe to migrate again\.$/),
    });
    expect(await stateOf(url)).toEqual(['__drizzle_migrations', 'note', 'todo_db_migrations']);
    await rewriteFolder(directory, notes);
    expect((await migrate(url, directory)).unchanged).toEqual(['0000_notes']);
  });

  test('with a five-letter code of Node.js is reported as a lost connection, and not as PostgreSQL’s error', () => {
    const pipe = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    const failure = statementFailure('0001_gone', { name: 'BEGIN' }, pipe, 'Correct it.');
    expect(failure).toMatchObject({ code: 'CONNECTION_LOST', message: expect.stringContaining('write EPIPE') });
  });
});

describe('the migration lock', () => {
  test('excludes a second run, whose error names the holder and how to end it', async () => {
    const { url } = await emptyBranch();
    const directory = await migrationsFolder(notes);
    await using holder = await connectSession(`${url}?application_name=other-deploy`);
    const [backend] = (await holder.query(`select pg_backend_pid() as pid, pg_advisory_lock(${LOCK})`)).rows;

    const events: MigrateEvent[] = [];
    const run = migrate(url, directory, { lockTimeoutMs: 1, onProgress: (event) => events.push(event) });
    const pid = Number(backend?.['pid']);
    await expect(run).rejects.toMatchObject({
      code: 'LOCK_TIMEOUT',
      message: expect.stringMatching(
        new RegExp(
          `in pid ${pid} \\(other-deploy\\), role todo, connected since 20.*Z\\. .*pg_terminate_backend\\(${pid}\\)`,
        ),
      ),
    });
    expect(events).toEqual([
      { kind: 'connected', route: "Connected over Neon's WebSocket." },
      {
        kind: 'waiting',
        holder: { pid, role: 'todo', applicationName: 'other-deploy', connectedAt: expect.any(Date) },
      },
    ]);
    expect(await stateOf(url)).toEqual([]);
  });

  test('is polled between statements, so that the holder can build an index concurrently', async () => {
    const { url } = await emptyBranch();
    const directory = await migrationsFolder(notes);
    await using holder = await connectSession(url);
    await holder.query('create table big (id integer)');
    await holder.query(`select pg_advisory_lock(${LOCK})`);

    let run: Promise<MigrateResult> | undefined;
    await new Promise<void>((resolve) => {
      run = migrate(url, directory, { onProgress: ({ kind }) => kind === 'waiting' && resolve() });
    });
    await holder.query('create index concurrently on big (id)');
    await holder.close();
    expect(await run).toMatchObject({ applied: ['0000_notes'] });
  });

  test('is released after a failed run', async () => {
    const { url } = await emptyBranch();
    const directory = await migrationsFolder({ name: '0000_broken', sql: 'nonsense' });
    await expect(migrate(url, directory)).rejects.toThrow('SQLSTATE 42601');
    await rewriteFolder(directory, { name: '0000_broken', sql: notes.sql });
    expect((await migrate(url, directory, { lockTimeoutMs: 0 })).applied).toEqual(['0000_broken']);
  });
});
