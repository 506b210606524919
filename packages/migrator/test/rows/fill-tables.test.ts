/** Rows of the rehearsal: a migration must run on tables with rows. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { connectSession } from '@todo/client/session';
import { expect, onTestFinished, test } from 'vitest';

import { hasFile, type Migration, readFolder } from '../../src/migrate/folder.ts';
import { rehearseMigrations } from '../../src/migrate/rehearse.ts';
import { fillTables } from '../../src/rows/fill-tables.ts';
import { databases } from './fixture-database.ts';

const open = databases();

/** Migrations with one statement each. */
async function migrations(...statements: string[]): Promise<Required<Migration>[]> {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const entries = statements.map((_, index) => ({
    idx: index,
    when: 1_700_000_000_000 + index,
    tag: `000${index}_step`,
    breakpoints: true,
  }));
  await mkdir(join(folder, 'meta'));
  await writeFile(
    join(folder, 'meta', '_journal.json'),
    JSON.stringify({ version: '7', dialect: 'postgresql', entries }),
  );
  for (const [index, statement] of statements.entries())
    await writeFile(join(folder, `000${index}_step.sql`), `${statement};\n`);
  return (await readFolder(folder)).migrations.filter(hasFile);
}

const RIDDLE = `create table riddle (answer text not null check (md5(answer) like 'abcdef012%'))`;

test('each table of all schemas gets three rows, the first with all columns, and a table without rows is named with the reason', async () => {
  await using database = await open();
  await using session = await connectSession(database.url);
  await session.query(`
    create schema audit;
    create table person (id serial primary key, name text, email text not null unique);
    create table audit.event (id bigint generated always as identity primary key, person_id int not null references person, note text);
    create table audit.setting (only_row boolean primary key check (only_row));
    ${RIDDLE}; create table audit.clue (id serial primary key, answer text not null unique check (md5(answer) like 'abcdef012%'))`);
  const { filled, empty } = await fillTables(session);
  expect(filled).toEqual(['person', 'audit.event', 'audit.setting']);
  expect(empty).toEqual([
    {
      table: 'audit.clue',
      reason: expect.stringMatching(/^Could not insert a row into audit.clue: .* CHECK constraint clue_answer_check/),
    },
    {
      table: 'riddle',
      reason: expect.stringMatching(/^Could not insert a row into riddle: .* CHECK constraint riddle_answer_check/),
    },
  ]);
  const { rows } = await session.query('select count(*)::int as rows, count(note)::int as full from audit.event');
  expect(rows).toEqual([{ rows: 3, full: 1 }]);
  // The sequences continue after the rows.
  await session.query(`insert into person (email) values ('next@example.com')`);
});

test('a migration that only runs on empty tables is a fault in any schema', async () => {
  const steps = await migrations(
    'create schema audit; create table audit.event (id serial primary key)',
    'alter table audit.event add at date not null',
  );
  const { faults, tables, empty } = await rehearseMigrations(steps, open);
  expect(faults).toEqual([expect.stringMatching(/^From 0000_step, with rows in the tables: 0001_step/)]);
  expect({ tables, empty }).toEqual({ tables: ['audit.event'], empty: [] });
});

test('a table that stayed empty is not listed among the tables with rows', async () => {
  const steps = await migrations(`${RIDDLE}; create table fine (id int)`, 'alter table riddle add at date not null');
  const { faults, tables, empty } = await rehearseMigrations(steps, open);
  expect(faults).toEqual([]);
  expect(tables.toSorted()).toEqual(['fine', 'riddle']);
  expect(empty.map(({ table }) => table)).toEqual(['riddle']);
});
