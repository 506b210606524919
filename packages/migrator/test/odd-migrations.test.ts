/** Tests unusual migration files, as an editor, another system or an accident leaves them, and roles with few privileges. */
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { emptyBranch } from '@todo/local-neon/vitest';
import { describe, expect, test } from 'vitest';

import { migrate, type Shadow } from '../src/index.ts';
import { migrationsFolder, rewriteFolder } from './migrations-folder.ts';
import { query } from './query.ts';

const notes = { name: '0000_notes', sql: 'CREATE TABLE note (id int PRIMARY KEY, body text);' };
const bodiesIn = async (url: string) => (await query(url, 'select body from note order by id')).map(({ body }) => body);

async function failureOf(run: Promise<unknown>): Promise<string> {
  return run.then(
    () => 'none',
    (error: unknown) => (error as Error).message,
  );
}

describe('a migration file runs', () => {
  test.each([
    [
      'with the line ends of Windows',
      `INSERT INTO note VALUES (1, 'a');\r\n--> statement-breakpoint\r\nSELECT 1;\r\n`,
      ['a'],
    ],
    [
      'outside a transaction with them',
      `-- migrate: no transaction\r\nCREATE INDEX CONCURRENTLY i ON note (id);\r\n--> statement-breakpoint\r\nINSERT INTO note VALUES (1, 'a');\r\n`,
      ['a'],
    ],
    ['with a byte order mark', `\ufeffINSERT INTO note VALUES (1, 'a');`, ['a']],
    [
      'outside a transaction with one',
      `\ufeff-- migrate: no transaction\nCREATE INDEX CONCURRENTLY i ON note (id);`,
      [],
    ],
    ['without a statement', `-- nothing yet\n`, []],
    ['that is empty', '', []],
    [
      'with semicolons inside of bodies',
      `CREATE FUNCTION fill() RETURNS int LANGUAGE plpgsql AS $body$ BEGIN INSERT INTO note VALUES (1, 'a;b'); RETURN 1; END; $body$;\n` +
        `DO $$ BEGIN PERFORM fill(); END $$;`,
      ['a;b'],
    ],
    ['of 5 MB', `INSERT INTO note VALUES (1, '${'x'.repeat(5_000_000)}');UPDATE note SET body = 'long';`, ['long']],
  ])('%s', async (_title, sql, bodies) => {
    const { url } = await emptyBranch();
    const directory = await migrationsFolder(notes, { name: '0001_odd', sql });
    expect((await migrate(url, directory)).applied).toEqual(['0000_notes', '0001_odd']);
    expect(await bodiesIn(url)).toEqual(bodies);
  });

  test('as another role, and the next file runs as the original role', async () => {
    const { url } = await emptyBranch();
    const role = `maker_${randomBytes(4).toString('hex')}`;
    await query(url, `create role ${role}`, `grant ${role} to current_user`);
    const directory = await migrationsFolder(
      notes,
      { name: '0001_as', sql: `SET ROLE ${role};` },
      { name: '0002_who', sql: `INSERT INTO note VALUES (1, current_user);` },
    );
    await migrate(url, directory);
    expect(await bodiesIn(url)).toEqual(['todo']);
  });
});

describe('a migration file is refused before any statement is sent', () => {
  test.each<[string, (directory: string) => Promise<unknown>, RegExp]>([
    [
      'in another encoding',
      (directory) => writeFile(join(directory, '0001_odd.sql'), Buffer.from(`SELECT 1;\nSELECT 'caf\xe9';`, 'latin1')),
      /^0001_odd\.sql:2 is not UTF-8/,
    ],
    [
      'in UTF-16',
      (directory) => writeFile(join(directory, '0001_odd.sql'), Buffer.from('\ufeffSELECT 1;', 'utf16le')),
      /^0001_odd\.sql:1 is not UTF-8/,
    ],
    [
      'with the character U+0000, at which PostgreSQL would stop reading',
      (directory) => writeFile(join(directory, '0001_odd.sql'), `SELECT 'a\0b';`),
      /^0001_odd\.sql:1 is not UTF-8, or contains the character U\+0000/,
    ],
    [
      'that is a folder',
      async (directory) => {
        await rm(join(directory, '0001_odd.sql'));
        await mkdir(join(directory, '0001_odd.sql'));
      },
      /^0001_odd\.sql cannot be read: EISDIR/,
    ],
    [
      'that the journal names twice',
      (directory) => rewriteFolder(directory, notes, { ...notes, when: Date.UTC(2026, 5) }),
      /_journal\.json cannot be read: the journal names 0000_notes twice/,
    ],
    [
      'of the same time as another',
      (directory) =>
        rewriteFolder(
          directory,
          { ...notes, when: Date.UTC(2026, 5) },
          { name: '0001_odd', sql: '', when: Date.UTC(2026, 5) },
        ),
      /0001_odd: is not applied, and its `when` in meta\/_journal.json is not later/,
    ],
  ])('%s', async (_title, damage, message) => {
    const { url } = await emptyBranch();
    const directory = await migrationsFolder(notes, { name: '0001_odd', sql: 'SELECT 1;' });
    await damage(directory);
    expect(await failureOf(migrate(url, directory))).toMatch(message);
    expect(await query(url, `select to_regclass('note') as table`)).toEqual([{ table: null }]);
  });
});

test('an error in a long line shows only the part around its position', async () => {
  const { url } = await emptyBranch();
  const list = Array.from({ length: 500 }, (_, index) => index).join(', ');
  const directory = await migrationsFolder(notes, {
    name: '0001_long',
    sql: `SELECT ${list}, bod, ${list} FROM note;`,
  });
  const message = await failureOf(migrate(url, directory));
  expect(message).toMatch(
    /^0001_long\.sql:1, .*column "bod" does not exist.*\n.*hint.*\n {2}in: … .*499, bod, 0, 1.* …\n/,
  );
  expect(message.length).toBeLessThan(600);
});

test('COPY FROM STDIN fails in a migration and does not wait for rows', async () => {
  const { url } = await emptyBranch();
  const directory = await migrationsFolder(notes, { name: '0001_copy', sql: 'COPY note FROM STDIN;' });
  expect(await failureOf(migrate(url, directory))).toMatch(/^0001_copy\.sql:1, .*COPY from stdin failed/);
});

/** The connection string of a role with only the given privileges. */
async function roleOn(url: string, ...grants: string[]): Promise<string> {
  const role = new URL(url);
  role.username = `visitor_${randomBytes(4).toString('hex')}`;
  role.password = 'p';
  await query(
    url,
    `create role ${role.username} login password 'p'`,
    ...grants.map((grant) => `grant ${grant} to ${role.username}`),
  );
  return role.href;
}

describe('a role without the privilege to', () => {
  test.each([
    ['make a table', [], /^0000_notes\.sql:1, .*permission denied for schema public \(SQLSTATE 42501\)/],
    [
      'make the migrations table',
      ['create on schema public'],
      /^0000_notes\.sql, its row in drizzle\.__drizzle_migrations: permission denied for database/,
    ],
  ])('%s gets an error that names the role with that privilege', async (_title, grants, message) => {
    const { url } = await emptyBranch();
    const directory = await migrationsFolder(notes);
    const error = await failureOf(migrate(await roleOn(url, ...grants), directory));
    expect(error).toMatch(message);
    expect(error).toContain('Migrate as the owner of the object');
    expect(await query(url, `select to_regclass('note') as table`)).toEqual([{ table: null }]);
  });

  test('write, as on a replica, gets an error that names the primary', async () => {
    const { url } = await emptyBranch();
    const name = new URL(url).pathname.slice(1);
    await query(url, `alter database ${name} set default_transaction_read_only = on`);
    const directory = await migrationsFolder(notes);
    expect(await failureOf(migrate(url, directory))).toMatch(/SQLSTATE 25006[^]*Migrate the primary/);
  });
});

test('a migrations table that was emptied is filled again if the tables equal the result of the migrations', async () => {
  const { url } = await emptyBranch();
  const directory = await migrationsFolder(notes, { name: '0001_fill', sql: `INSERT INTO note VALUES (1, 'once');` });
  await migrate(url, directory);
  await query(url, 'truncate drizzle.__drizzle_migrations');
  const empty = await emptyBranch();
  const shadow = async (): Promise<Shadow> => ({ ...empty, [Symbol.asyncDispose]: async () => {} });
  expect(await migrate(url, directory, { shadow })).toMatchObject({
    applied: [],
    baselined: ['0000_notes', '0001_fill'],
  });
  expect(await bodiesIn(url)).toEqual(['once']);
});
