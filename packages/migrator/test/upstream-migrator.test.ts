/** Compares drizzle-orm's migrator with ours where they differ. Both run the same files, each on its own database. */
import { neon, neonConfig } from '@neondatabase/serverless';
import { emptyBranch } from '@todo/local-neon/vitest';
import { drizzle as drizzleHttp } from 'drizzle-orm/neon-http';
import { migrate as migrateHttp } from 'drizzle-orm/neon-http/migrator';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as migrateTcp } from 'drizzle-orm/node-postgres/migrator';
import { Pool } from 'pg';
import { expect, test } from 'vitest';

import { migrate, type MigrateEvent } from '../src/index.ts';
import { connectSession } from '@todo/client/session';
import { migrationsFolder, rewriteFolder } from './migrations-folder.ts';
import { query } from './query.ts';

const NEXT = '\n--> statement-breakpoint\n';
const notes = { name: '0000_notes', sql: 'CREATE TABLE note (id integer);' };
const indexed = {
  name: '0001_index',
  sql: '-- migrate: no transaction\nCREATE INDEX CONCURRENTLY note_id ON note (id);',
};

async function upstream(url: string, directory: string): Promise<void> {
  const pool = new Pool({ connectionString: url });
  try {
    await migrateTcp(drizzle(pool), { migrationsFolder: directory });
  } finally {
    await pool.end();
  }
}

function upstreamOverHttp(url: string, directory: string): Promise<void> {
  neonConfig.fetchEndpoint = (host, port) => `http://${host}:${port}/sql`;
  return migrateHttp(drizzleHttp(neon(url)), { migrationsFolder: directory });
}

/** The SQLSTATE of the failure. */
const failureOf = (run: Promise<unknown>): Promise<unknown> =>
  run.then(
    () => 'none',
    (error: unknown) => sqlStateIn(error),
  );

function sqlStateIn(error: unknown): unknown {
  const { code, cause } = Object(error) as { code?: unknown; cause?: unknown };
  return cause === undefined ? code : sqlStateIn(cause);
}

const notesIn = async (url: string) => (await query(url, 'select id from note')).length;
const countRecorded = async (url: string) => (await query(url, 'select id from drizzle.__drizzle_migrations')).length;

/** The number of sessions on this database that wait for a lock. */
const waiting = (url: string) =>
  query(url, `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);

// A file that waits until the test releases it, so that all runs are in it at the same time.
const GATE = 42;
const gated = {
  name: '0001_fill',
  sql: `SELECT pg_advisory_xact_lock_shared(${GATE});${NEXT}INSERT INTO note VALUES (1);`,
};

/** @param countKeptOut the number of runs that must not be in the file at the same time. */
async function fourAtOnce(
  run: (url: string, directory: string) => Promise<unknown>,
  countKeptOut: () => number,
): Promise<{ rows: number; recorded: number }> {
  const { url } = await emptyBranch();
  const directory = await migrationsFolder(notes);
  await migrate(url, directory);
  await rewriteFolder(directory, notes, gated);
  await using gate = await connectSession(url);
  await gate.query(`select pg_advisory_lock(${GATE})`);
  const runs = Promise.all([1, 2, 3, 4].map(() => run(url, directory)));
  await expect.poll(async () => (await waiting(url)).length + countKeptOut()).toBe(4);
  await gate.close();
  await runs;
  return { rows: await notesIn(url), recorded: await countRecorded(url) };
}

test('four runs of Drizzle’s migrator at once apply a file four times, and all report success; ours apply it once', async () => {
  expect(await fourAtOnce(upstream, () => 0)).toEqual({ rows: 4, recorded: 5 });

  let waits = 0;
  const onProgress = ({ kind }: MigrateEvent) => void (waits += Number(kind === 'waiting'));
  const ours = (url: string, directory: string) => migrate(url, directory, { onProgress, tableLockTimeoutMs: 60_000 });
  expect(await fourAtOnce(ours, () => waits)).toEqual({ rows: 1, recorded: 2 });
  expect(waits).toBe(3);
});

test('Drizzle’s migrator never applies a merged file older than an applied one, and reports success; ours refuses it', async () => {
  const { url } = await emptyBranch();
  const later = { name: '0002_later', sql: 'SELECT 1;', when: Date.UTC(2026, 6) };
  const merged = { name: '0001_merged', sql: 'INSERT INTO note VALUES (1);', when: Date.UTC(2026, 5) };
  const directory = await migrationsFolder(notes, later);
  await upstream(url, directory);

  await rewriteFolder(directory, notes, merged, later);
  await upstream(url, directory);
  expect(await notesIn(url)).toBe(0);
  await expect(migrate(url, directory)).rejects.toMatchObject({ code: 'HISTORY_OUT_OF_ORDER' });
});

test('Drizzle’s migrator does not notice an edited applied file; ours refuses it', async () => {
  const { url } = await emptyBranch();
  const directory = await migrationsFolder(notes);
  await upstream(url, directory);

  await rewriteFolder(directory, { ...notes, sql: 'CREATE TABLE note (id bigint);' });
  await upstream(url, directory);
  await expect(migrate(url, directory)).rejects.toMatchObject({ code: 'HISTORY_EDITED' });
});

test('Drizzle’s migrator runs all pending files in one transaction, which cannot use a new enum value; ours runs one per file', async () => {
  const { url } = await emptyBranch();
  const mood = { name: '0000_mood', sql: `CREATE TYPE mood AS ENUM ('ok');${NEXT}CREATE TABLE note (id mood);` };
  const value = { name: '0001_value', sql: `ALTER TYPE mood ADD VALUE 'glad';` };
  const directory = await migrationsFolder(mood);
  await migrate(url, directory);
  await rewriteFolder(directory, mood, value, { name: '0002_use', sql: `INSERT INTO note VALUES ('glad');` });
  expect(await failureOf(upstream(url, directory))).toBe('55P04');
  expect((await migrate(url, directory)).applied).toEqual(['0001_value', '0002_use']);
});

test('Drizzle’s migrator cannot build an index concurrently; ours can, in a file outside a transaction', async () => {
  const { url } = await emptyBranch();
  const directory = await migrationsFolder(notes, indexed);
  expect(await failureOf(upstream(url, directory))).toBe('25001');
  expect((await migrate(url, directory)).applied).toEqual(['0000_notes', '0001_index']);
});

test('Drizzle’s migrator cannot migrate a database that has the tables without their record; ours baselines it', async () => {
  const { url } = await emptyBranch();
  await query(url, notes.sql);
  const directory = await migrationsFolder(notes);
  expect(await failureOf(upstream(url, directory))).toBe('42P07');

  const empty = await emptyBranch();
  const shadow = async () => ({ ...empty, [Symbol.asyncDispose]: async () => {} });
  expect(await migrate(url, directory, { shadow })).toMatchObject({ applied: [], baselined: ['0000_notes'] });
});

test('Drizzle’s migrator accepts a pooler like any other host; ours refuses it', async () => {
  const url = 'postgresql://ada:s3cret@ep-x-pooler.region.example.invalid/main';
  const directory = await migrationsFolder(notes);
  expect(await failureOf(upstream(url, directory))).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
  await expect(migrate(url, directory)).rejects.toMatchObject({ code: 'POOLED_HOST' });
});

test('Drizzle’s migrator over HTTP does not record the done part of a failed run, and the next run fails on it; ours continues', async () => {
  const broken = { name: '0001_fill', sql: `INSERT INTO note VALUES (1);${NEXT}INSERT INTO note VALUES ('x');` };
  const corrected = { ...broken, sql: 'INSERT INTO note VALUES (1);' };

  const { url } = await emptyBranch();
  const directory = await migrationsFolder(notes, broken);
  expect(await failureOf(upstreamOverHttp(url, directory))).toBe('22P02');
  expect({ rows: await notesIn(url), recorded: await countRecorded(url) }).toEqual({ rows: 1, recorded: 0 });
  await rewriteFolder(directory, notes, corrected);
  expect(await failureOf(upstreamOverHttp(url, directory))).toBe('42P07');

  const { url: own } = await emptyBranch();
  await rewriteFolder(directory, notes, broken);
  expect(await failureOf(migrate(own, directory))).toBe('22P02');
  expect({ rows: await notesIn(own), recorded: await countRecorded(own) }).toEqual({ rows: 0, recorded: 1 });
  await rewriteFolder(directory, notes, corrected);
  expect((await migrate(own, directory)).applied).toEqual(['0001_fill']);
});

test('a run that waits for the lock inside a statement deadlocks with a concurrent build of the other; ours waits between statements', async () => {
  const { url } = await emptyBranch();
  await query(url, notes.sql);
  await using first = await connectSession(url);
  await using second = await connectSession(url);
  await first.query(`select pg_advisory_lock(${GATE})`);
  const waited = failureOf(second.query(`select pg_advisory_lock(${GATE})`));
  await expect.poll(() => waiting(url)).toHaveLength(1);
  const built = await failureOf(first.query('create index concurrently on note (id)'));
  await first.close();
  expect(new Set([built, await waited])).toEqual(new Set(['40P01', 'none']));

  const { url: own } = await emptyBranch();
  const directory = await migrationsFolder(notes);
  await migrate(own, directory);
  await rewriteFolder(directory, notes, indexed);
  // The build waits for this transaction, and the second run waits for the build.
  await using writer = await connectSession(own);
  await writer.query('begin; insert into note values (1)');
  const events: string[] = [];
  const onProgress = ({ kind }: MigrateEvent) => void events.push(kind);
  const runs = Promise.all([migrate(own, directory, { onProgress }), migrate(own, directory, { onProgress })]);
  await expect.poll(() => events).toContain('waiting');
  await expect.poll(() => waiting(own)).toHaveLength(1);
  await writer.query('commit');
  expect((await runs).flatMap(({ applied }) => applied)).toEqual(['0001_index']);
});
