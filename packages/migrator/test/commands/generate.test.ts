/** `generate` writes a migration when one is missing, and its exit code says whether the folder leads to the schema. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { run } from '../command.ts';
import { packageWith } from '../package-copy.ts';

const migrationsIn = async (folder: string) =>
  (await readdir(join(folder, 'migrations'))).filter((name) => name.endsWith('.sql')).toSorted();

const description = `description: text('description'),`;
const first = '0000_create_group_and_task.sql';

test('with the schema as the migrations leave it, there is nothing to generate', async () => {
  const stdout = 'Nothing to generate: the migrations lead to the schema.\n';
  expect(await run(['generate'])).toEqual({ exitCode: 0, stdout, stderr: '' });
  expect(await run(['generate', '--check'])).toEqual({ exitCode: 0, stdout, stderr: '' });
});

test('a change becomes a migration under the name that was given', async () => {
  const { folder, program } = await packageWith(description, `${description} note: text('note'),`);
  expect(await run(['generate', '--check'], { program })).toMatchObject({
    exitCode: 1,
    stderr: 'The schema has changes without a migration. Run `pnpm db:generate`.\n',
  });
  expect(await migrationsIn(folder)).toEqual([first]);

  expect(await run(['generate', '--name', 'add_note'], { program })).toMatchObject({ exitCode: 0 });
  expect(await migrationsIn(folder)).toEqual([first, '0001_add_note.sql']);
  const sql = await readFile(join(folder, 'migrations', '0001_add_note.sql'), 'utf8');
  expect(sql).toBe('ALTER TABLE "task" ADD COLUMN "note" text;');
  expect(await run(['generate', '--check'], { program })).toMatchObject({ exitCode: 0 });
});

test('what may be a rename is a failure that asks for a terminal, and nothing is written', async () => {
  const { folder, program } = await packageWith(description, `description: text('details'),`);
  const { exitCode, stderr } = await run(['generate'], { program });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^Nothing was done.*renamed.*terminal/s);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(await migrationsIn(folder)).toEqual([first]);
});

test('an empty migration can be asked for when nothing has changed', async () => {
  const { folder, program } = await packageWith(description, description);
  expect(await run(['generate', '--custom', '--name', 'backfill'], { program })).toMatchObject({ exitCode: 0 });
  expect(await migrationsIn(folder)).toEqual([first, '0001_backfill.sql']);
});
