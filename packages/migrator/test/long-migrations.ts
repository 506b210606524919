/** Eleven migrations. The first is deployed; one of the others runs outside a transaction. */
import { expect } from 'vitest';

import { migrate } from '../src/index.ts';
import { migrationsFolder, type TestMigration } from './migrations-folder.ts';
import { query } from './query.ts';

const NEXT = '\n--> statement-breakpoint\n';
/** Logs the file. A second entry would show that the file ran twice. */
const entry = (name: string) => `INSERT INTO log SELECT '${name}', count(*) FROM log;`;
const file = (name: string, ...statements: string[]): TestMigration => ({
  name,
  sql: [...statements, entry(name)].join(NEXT),
});

const first: TestMigration = {
  name: '0000_first',
  sql: 'CREATE TABLE note (id serial PRIMARY KEY, body text);--> statement-breakpoint\nCREATE TABLE log (name text, nth int);',
};

const outside: TestMigration = {
  name: '0005_outside',
  sql: [
    '-- migrate: no transaction\nCREATE UNIQUE INDEX CONCURRENTLY "note_body" ON "note" ("body");',
    `ALTER TYPE mood ADD VALUE 'glad';`,
    `UPDATE note SET mood = 'glad' WHERE id % 2 = 0;`,
    'CREATE INDEX CONCURRENTLY note_mood ON note (mood, id);',
    entry('0005_outside'),
  ].join(NEXT),
};

const files: TestMigration[] = [
  first,
  file('0001_mood', `CREATE TYPE mood AS ENUM ('ok');`, `ALTER TABLE note ADD COLUMN mood mood;`),
  file('0002_fill', `UPDATE note SET mood = 'ok';`),
  file(
    '0003_tag',
    'CREATE TABLE tag (name text PRIMARY KEY);',
    `INSERT INTO tag SELECT 'tag ' || n FROM generate_series(1, 50) n;`,
  ),
  file('0004_link', 'CREATE TABLE note_tag (note int REFERENCES note, tag text REFERENCES tag);'),
  outside,
  file('0006_default', `ALTER TABLE note ALTER COLUMN mood SET DEFAULT 'glad';`),
  file('0007_links', `INSERT INTO note_tag SELECT id, 'tag ' || id FROM note WHERE id <= 50;`),
  file('0008_required', 'ALTER TABLE note ALTER COLUMN mood SET NOT NULL;'),
  file('0009_view', 'CREATE VIEW glad AS SELECT * FROM note WHERE mood = $$glad$$;'),
  file('0010_last', 'ALTER TABLE log ADD COLUMN at timestamptz DEFAULT now();'),
];

export const LONG_NAMES = files.map(({ name }) => name);

export function longMigrations(): Promise<string> {
  return migrationsFolder(...files);
}

/** An empty database. */
export async function empty(url: string): Promise<void> {
  await query(url, 'drop schema if exists drizzle cascade', 'drop schema public cascade', 'create schema public');
}

/** A database with the first migration, and 400 rows in its table. */
export async function deployFirst(url: string): Promise<void> {
  await empty(url);
  await migrate(url, await migrationsFolder(first));
  await query(url, `insert into note (body) select 'note ' || n from generate_series(1, 400) n`);
}

/** A database with five migrations and a half-applied sixth, which stopped at a duplicate row and left an invalid index. */
export async function deployHalf(url: string): Promise<void> {
  await deployFirst(url);
  await query(url, `insert into note (body) values ('note 1')`);
  const directory = await migrationsFolder(...files.slice(0, 6));
  await expect(migrate(url, directory)).rejects.toThrow('23505');
  await query(url, 'delete from note where id = 401');
}

/** Expects that each file was applied once and completely, and that no row is missing. */
export async function expectMigrated(url: string, notes: number, what: string): Promise<void> {
  const [found] = await query(
    url,
    `select (select json_agg(name order by nth, name) from log)::text as log,
       (select json_agg(created_at order by id) from drizzle.__drizzle_migrations)::text as "recordedAt",
       (select count(*)::int from drizzle.todo_db_migrations where applied_at is not null) as recorded,
       (select count(*)::int from note) as notes,
       (select count(*)::int from note_tag) as links,
       (select count(*)::int from glad) as glad,
       (select string_agg(indexrelid::regclass::text, ' ' order by indexrelid::regclass::text collate "C") from pg_index
        where indrelid = 'note'::regclass and indisvalid) as indexes,
       (select count(*)::int from pg_index where not indisvalid) as invalid`,
  );
  expect({ what, ...found, log: parse(found?.['log']), recordedAt: parse(found?.['recordedAt']) }).toEqual({
    what,
    log: LONG_NAMES.slice(1),
    recordedAt: LONG_NAMES.map((_name, index) => Date.UTC(2026, 0, 1 + index)),
    recorded: LONG_NAMES.length,
    notes,
    links: Math.min(notes, 50),
    glad: notes / 2,
    indexes: 'note_body note_mood note_pkey',
    invalid: 0,
  });
}

function parse(json: unknown): unknown {
  return JSON.parse(String(json));
}
