/** `generate` writes a missing migration, and its exit code says whether the migrations match the schema. */
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { run } from '../command.ts';
import { packageWith } from '../package-copy.ts';
import { fixturePackage } from './fixture-package.ts';

const migrationsIn = async (folder: string) =>
  (await readdir(join(folder, 'migrations'))).filter((name) => name.endsWith('.sql')).toSorted();

const description = `description: text('description'),`;
const first = '0000_create_group_and_task.sql';

test('nothing is generated if the migrations match the schema', async () => {
  const stdout = 'Nothing to generate: the migrations match the schema.\n';
  expect(await run(['generate'])).toEqual({ exitCode: 0, stdout, stderr: '' });
  expect(await run(['generate', '--check'])).toEqual({ exitCode: 0, stdout, stderr: '' });
});

test('a change becomes a migration with the given name', async () => {
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

test('a possible rename fails without a terminal, and nothing is written', async () => {
  const { folder, program } = await packageWith(description, `description: text('details'),`);
  const { exitCode, stderr } = await run(['generate'], { program });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^Nothing was changed.*renamed.*terminal/s);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(await migrationsIn(folder)).toEqual([first]);
});

test('an empty migration can be generated without a change of the schema', async () => {
  const { folder, program } = await packageWith(description, description);
  expect(await run(['generate', '--custom', '--name', 'backfill'], { program })).toMatchObject({ exitCode: 0 });
  expect(await migrationsIn(folder)).toEqual([first, '0001_backfill.sql']);
});

const note = (columns: string) => `export const note = pgTable('note', { id: serial('id').primaryKey(), ${columns} });`;

describe('a folder with faults', () => {
  test('is refused if its journal has conflict markers, and nothing is written', async () => {
    const fixture = await fixturePackage({ schema: note('') });
    await fixture.run(['generate', '--name', 'note']);
    await fixture.write(note(`body: text('body')`));
    const journal = join(fixture.folder, 'migrations', 'meta', '_journal.json');
    const text = await readFile(journal, 'utf8');
    await writeFile(journal, text.replace('"idx": 0', '<<<<<<< HEAD\n"idx": 0\n=======\n"idx": 1\n>>>>>>> theirs'));
    const { exitCode, stdout, stderr } = await fixture.run(['generate']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 4, stdout: '' });
    expect(stderr).toMatch(
      /Nothing was done: journal, files and snapshots of the migrations do not agree\.\n {2}_journal\.json has the conflict markers/,
    );
    expect(stderr).toContain('both branches added a migration');
    const { stderr: migrated } = await fixture.run(['migrate'], { url: 'postgresql://u:p@localhost:1/db' });
    expect(migrated).toMatch(
      /conflict markers of a merge.*`pnpm db:rebase` regenerates the migrations of this branch.*\.\n$/s,
    );
  });

  test('is refused if the journal lacks existing files, and these stay as they are', async () => {
    const fixture = await fixturePackage({ schema: note('') });
    await fixture.run(['generate', '--name', 'note']);
    const meta = join(fixture.folder, 'migrations', 'meta');
    await copyFile(join(meta, '_journal.json'), join(fixture.folder, 'journal-of-before'));
    await fixture.write(note(`body: text('body')`));
    await fixture.run(['generate', '--name', 'body']);
    const snapshot = await readFile(join(meta, '0001_snapshot.json'), 'utf8');
    await copyFile(join(fixture.folder, 'journal-of-before'), join(meta, '_journal.json'));
    await fixture.write(note(`title: text('title')`));
    const { exitCode, stderr } = await fixture.run(['generate', '--name', 'title']);
    expect(exitCode).toBe(4);
    expect(stderr).toContain('  0001_body.sql is not in the journal');
    expect(await readFile(join(meta, '0001_snapshot.json'), 'utf8')).toBe(snapshot);
    expect(await migrationsIn(fixture.folder)).toEqual(['0000_note.sql', '0001_body.sql']);
  });

  test('is refused if it has files and no journal', async () => {
    const fixture = await fixturePackage({ schema: note('') });
    await writeFile(join(fixture.folder, 'migrations', '0000_old.sql'), 'select 1');
    expect(await fixture.run(['generate'])).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('0000_old.sql exists, and meta/_journal.json does not'),
    });
  });
});

test.each([
  [
    'an enum',
    `const mood = pgEnum('mood', ['good']); export const note = pgTable('note', { m: mood('m').array() });`,
    'The column note.m uses the enum mood, which is not exported',
  ],
  [
    'a BigInt',
    `export const note = pgTable('note', { n: bigint('n', { mode: 'bigint' }).default(7n) });`,
    'note.n has a BigInt as its default',
  ],
])(
  'a definition that drizzle-kit writes wrongly is refused before anything is written: %s',
  async (_kind, schema, message) => {
    const fixture = await fixturePackage({ schema });
    const { exitCode, stdout, stderr } = await fixture.run(['generate']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(/^Nothing was done: drizzle-kit cannot write this schema as SQL\.\n/);
    expect(stderr).toContain(message);
    expect(await migrationsIn(fixture.folder)).toEqual([]);
  },
);

describe('the option `casing`', () => {
  const schema = `export const writer = pgTable('writer', { writerId: serial().primaryKey(), fullName: text().unique() });
    export const note = pgTable('note', {
      noteId: integer(), lineNumber: integer(), writerId: integer().references(() => writer.writerId), writtenAt: timestamp(),
    }, (t) => [primaryKey({ columns: [t.noteId, t.lineNumber] }), unique().on(t.writerId, t.writtenAt), index().on(t.writtenAt),
      check('positive', sql\`\${t.lineNumber} > 0\`)]);`;

  test('names the columns if it is set in both places, and one migration is enough', async () => {
    const fixture = await fixturePackage({ schema, options: { casing: 'snake_case' } });
    expect(await fixture.run(['generate', '--name', 'note'])).toMatchObject({ exitCode: 0 });
    expect(await readFile(join(fixture.folder, 'migrations', '0000_note.sql'), 'utf8')).toContain('"written_at"');
    expect(await fixture.run(['generate'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Nothing to generate'),
    });
  });

  test('is reported if only the configuration of drizzle-kit sets it', async () => {
    const fixture = await fixturePackage({ schema });
    await writeFile(
      join(fixture.folder, 'drizzle.config.js'),
      `export default { dialect: 'postgresql', schema: './schema.js', out: './migrations', casing: 'snake_case' };`,
    );
    expect(await fixture.run(['generate'])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining(
        `drizzle.config.js has casing: 'snake_case', and the definition of the database has nothing. Set the same value in both.`,
      ),
    });
  });
});
