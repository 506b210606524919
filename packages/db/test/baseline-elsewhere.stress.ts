/** Databases created by other tools: the printed SQL makes them equal to the migrations and baselined, and keeps every row. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { emptyBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

import { migrate, type MigrationError, type Shadow } from '@todo/migrator';
import { firstMigration } from './first-migration.ts';
import { migrationsFolder } from './migrations-folder.ts';
import { query } from './query.ts';

const own = '0000_create_user_and_todo';

const folder = async () => migrationsFolder(await firstMigration());

// The statements of `SQLModel.metadata.create_all` of SQLModel 0.0.47 with SQLAlchemy 2.0.54, for a minimal model.
const sqlmodel = [
  `CREATE TABLE "user" (id SERIAL NOT NULL, email VARCHAR(255) NOT NULL, hashed_password VARCHAR(255) NOT NULL,
     created_at TIMESTAMP WITH TIME ZONE NOT NULL, updated_at TIMESTAMP WITH TIME ZONE NOT NULL, PRIMARY KEY (id))`,
  `CREATE UNIQUE INDEX ix_user_email ON "user" (email)`,
  `CREATE TABLE todo (id SERIAL NOT NULL, title VARCHAR(200) NOT NULL, description VARCHAR, is_completed BOOLEAN NOT NULL,
     user_id INTEGER NOT NULL, created_at TIMESTAMP WITH TIME ZONE NOT NULL, updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
     PRIMARY KEY (id), FOREIGN KEY(user_id) REFERENCES "user" (id))`,
  `CREATE INDEX ix_todo_user_id ON todo (user_id)`,
];

// Older releases create times without a zone. A model may also have no lengths, no indexes, and a constraint for `unique=True`.
const olderSqlmodel = [
  `CREATE TABLE "user" (id SERIAL NOT NULL, email VARCHAR NOT NULL, hashed_password VARCHAR NOT NULL,
     created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, updated_at TIMESTAMP WITHOUT TIME ZONE, PRIMARY KEY (id), UNIQUE (email))`,
  `CREATE TABLE todo (id SERIAL NOT NULL, title VARCHAR NOT NULL, description VARCHAR, is_completed BOOLEAN NOT NULL,
     user_id INTEGER, created_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, updated_at TIMESTAMP WITHOUT TIME ZONE,
     PRIMARY KEY (id), FOREIGN KEY(user_id) REFERENCES "user" (id))`,
];

const rows = [
  `insert into "user" (email, hashed_password, created_at, updated_at)
   values ('a@example.com', 'h', '2026-01-31 12:00', '2026-01-31 12:00')`,
  `insert into todo (title, is_completed, user_id, created_at, updated_at)
   values ('t', true, 1, '2026-01-31 12:00', '2026-01-31 12:00')`,
];

async function shadow(): Promise<Shadow> {
  const { url } = await emptyBranch();
  return { url, [Symbol.asyncDispose]: async () => {} };
}

/** The SQL statements in a refusal, ready to run. */
async function remedyFor(url: string): Promise<string[]> {
  const { message } = await refusalOf(url);
  const [, statements = ''] = message.split('outside a transaction:\n');
  return [...statements.matchAll(/^ {2}(.*;)$/gm)].map(([, statement = '']) => statement);
}

async function refusalOf(url: string): Promise<MigrationError> {
  const error = await migrate(url, await folder(), { shadow }).catch((refusal: unknown) => refusal);
  expect(error).toMatchObject({ code: 'BASELINE_DIFFERS' });
  return error as MigrationError;
}

test.each([
  ['SQLModel', sqlmodel],
  ['an older SQLModel, and a shorter model', olderSqlmodel],
])('a database created by %s is baselined after the SQL that the refusal prints', async (_title, statements) => {
  const { url } = await emptyBranch();
  await query(url, `set timezone to 'UTC'`, ...statements, ...rows);
  const remedy = await remedyFor(url);
  // The session's time zone must not shift a time.
  await query(url, `set timezone to 'Asia/Tokyo'`, ...remedy);
  expect(await migrate(url, await folder(), { shadow })).toEqual({ applied: [], baselined: [own], unchanged: [] });
  expect(
    await query(
      url,
      `select email, title, is_completed as done, extract(epoch from t.created_at)::int as todo, extract(epoch from u.updated_at)::int as user
       from todo t join "user" u on u.id = t.user_id`,
    ),
  ).toEqual([{ email: 'a@example.com', title: 't', done: true, todo: 1769860800, user: 1769860800 }]);
});

test('objects that differ only in their names are renamed, and docs/migrations.md shows the printed SQL', async () => {
  const { url } = await emptyBranch();
  await query(url, ...sqlmodel);
  const page = await readFile(join(import.meta.dirname, '../../../docs/migrations.md'), 'utf8');
  const [, shown = ''] = /differ like this:\n\n```\n([^]*?)```/.exec(page) ?? [];
  expect(shown).toContain('RENAME TO "idx_todo_user_id"');
  const { message } = await refusalOf(url);
  for (const line of shown.trimEnd().split('\n')) expect(message.split('\n')).toContain(line);
});

test.each(['todo', '"user"'])('a missing table is created like any other difference: %s', async (table) => {
  const { url } = await emptyBranch();
  await migrate(url, await folder());
  await query(url, 'drop schema drizzle cascade', `drop table ${table} cascade`);
  await query(url, ...(await remedyFor(url)));
  expect((await migrate(url, await folder(), { shadow })).baselined).toEqual([own]);
});

test('an extra column is dropped only by hand: its statement is printed as a comment', async () => {
  const { url } = await emptyBranch();
  await migrate(url, await folder());
  await query(url, 'drop schema drizzle cascade', 'alter table todo add column place text');
  expect(await remedyFor(url)).toEqual(['-- deletes data: ALTER TABLE public."todo" DROP COLUMN "place";']);
});
