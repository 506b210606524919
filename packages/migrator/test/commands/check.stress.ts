/** `check` before a merge: journal, files and snapshots agree, the migrations match the schema, are safe to run, and run from every version. */
import { execFileSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { emptyBranch } from '@todo/local-neon/vitest';
import { describe, expect, test } from 'vitest';

import { findJournalFaults } from '../../src/migrate/journal-faults.ts';
import { hasFile, readFolder } from '../../src/migrate/folder.ts';
import { rehearseMigrations } from '../../src/migrate/rehearse.ts';
import { run } from '../command.ts';
import { migrationsFolder, rewriteFolder, type TestMigration } from '../migrations-folder.ts';
import { packageCopy, packageWith } from '../package-copy.ts';
import { fixturePackage } from './fixture-package.ts';

const two: TestMigration[] = [
  { name: '0000_first', sql: 'CREATE TABLE note (id serial PRIMARY KEY, body text);' },
  { name: '0001_second', sql: 'ALTER TABLE note ADD COLUMN at date;' },
];

/** Writes migrations with snapshots, linked as drizzle-kit links them. */
async function chained(...migrations: TestMigration[]): Promise<string> {
  const directory = await migrationsFolder(...migrations);
  for (const index of migrations.keys()) {
    const prevId = index === 0 ? '00000000-0000-0000-0000-000000000000' : `id ${index - 1}`;
    const snapshot = JSON.stringify({ id: `id ${index}`, prevId });
    await writeFile(join(directory, 'meta', `000${index}_snapshot.json`), snapshot);
  }
  return directory;
}

describe('journal integrity', () => {
  test('has no fault as drizzle-kit writes the folder', async () => {
    expect(await findJournalFaults(await chained(...two))).toEqual([]);
  });

  test.each<[string, (directory: string) => Promise<unknown>, string]>([
    ['a file is gone', (directory) => rm(join(directory, '0001_second.sql')), '0001_second.sql does not exist'],
    [
      'a file is not in the journal',
      (directory) => writeFile(join(directory, '0002_stray.sql'), ''),
      '0002_stray.sql is not in the journal',
    ],
    [
      'a snapshot is gone',
      (directory) => rm(join(directory, 'meta', '0000_snapshot.json')),
      '0000_first has no snapshot',
    ],
    [
      'a snapshot belongs to nothing',
      (directory) => writeFile(join(directory, 'meta', '0002_snapshot.json'), '{}'),
      'meta/0002_snapshot.json belongs to no migration',
    ],
    [
      'two branches generated on top of the same one',
      (directory) =>
        writeFile(join(directory, 'meta', '0001_snapshot.json'), JSON.stringify({ id: 'x', prevId: 'other' })),
      '0001_second does not follow the migration before it',
    ],
    [
      'two branches took the same number',
      async (directory) => {
        const journal = join(directory, 'meta', '_journal.json');
        await writeFile(journal, (await readFile(journal, 'utf8')).replace('"idx":1', '"idx":0'));
      },
      '0001_second has the number 0 in the journal, but is entry 1',
    ],
  ])('has a fault when %s', async (_title, damage, fault) => {
    const directory = await chained(...two);
    await damage(directory);
    expect((await findJournalFaults(directory)).join('\n')).toContain(fault);
  });

  test('has a fault when a file is older than the one before it, or dated in the future', async () => {
    const [first, second] = two as [TestMigration, TestMigration];
    const late = Date.UTC(2999, 0);
    expect(await findJournalFaults(await chained({ ...first, when: 2 }, { ...second, when: 1 }))).toEqual([
      expect.stringContaining('0001_second is not newer'),
    ]);
    expect(await findJournalFaults(await chained(first, { ...second, when: late }))).toEqual([
      expect.stringContaining('0001_second is dated in the future'),
    ]);
  });
});

async function rehearsed(...migrations: TestMigration[]) {
  const folder = await readFolder(await migrationsFolder(...migrations));
  return rehearseMigrations(folder.migrations.filter(hasFile), async () => {
    const { url } = await emptyBranch();
    return { url, [Symbol.asyncDispose]: async () => {} };
  });
}

describe('the rehearsal of migrations', () => {
  test('passes migrations that run from every version', async () => {
    expect(await rehearsed(...two)).toEqual({ faults: [], tables: ['note'], empty: [] });
  });

  test('finds a migration that runs on empty tables only', async () => {
    const { faults } = await rehearsed(...two, {
      name: '0002_due',
      sql: 'ALTER TABLE note ADD COLUMN due date NOT NULL;',
    });
    expect(faults).toEqual([
      expect.stringMatching(/^From 0000_first, with rows in the tables: 0002_due\.sql:1.*contains null values/),
      expect.stringMatching(/^From 0001_second, with rows in the tables: 0002_due/),
    ]);
  });

  test('finds a migration whose result is another schema if tables have rows', async () => {
    const sql = `DO $$ BEGIN IF EXISTS (SELECT FROM note) THEN ALTER TABLE note ADD COLUMN odd int; END IF; END $$;`;
    const { faults } = await rehearsed(two[0]!, { name: '0001_odd', sql });
    expect(faults).toEqual(['From 0000_first, with rows in the tables: column note.odd: not wanted, is integer']);
  });

  test('finds a migration that fails on an empty database', async () => {
    const { faults } = await rehearsed(two[0]!, { name: '0001_typo', sql: 'ALTER TABLE nota ADD COLUMN at date;' });
    expect(faults).toEqual([expect.stringMatching(/^From an empty database: 0001_typo/)]);
  });
});

const description = `description: text('description'),`;

test('deployed migrations are not checked, and each fault is named with its remedy', async () => {
  const { folder, program } = await packageCopy();
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      cwd: folder,
      stdio: 'pipe',
    });
  git('init');
  git('add', 'migrations');
  git('commit', '-m', 'deployed');
  expect(await run(['check', '--base', 'HEAD'], { program })).toEqual({
    exitCode: 0,
    stdout: [
      '✓ Journal, files and snapshots agree',
      '✓ drizzle-kit can write the schema as SQL',
      '✓ The migrations match the schema',
      '✓ 0 migrations not deployed yet: each statement is safe on a database in use',
      '✓ The migrations run from an empty database',
      '✓ The SQL of the migrations creates the schema',
      '',
    ].join('\n'),
    stderr: '',
  });

  await run(['generate', '--custom', '--name', 'due'], { program });
  await writeFile(join(folder, 'migrations', '0001_due.sql'), 'ALTER TABLE task ADD COLUMN due date NOT NULL;');
  const { exitCode, stdout, stderr } = await run(['check', '--base', 'HEAD'], { program });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(
    /✗ 1 migration not deployed yet.*\n {2}0001_due\.sql:1 required-column: The statement fails .*\n {4}Instead: Add the column .*\n✗ .*\n {2}From 0000/,
  );
  expect(stderr).toBe('2 faults to correct: see above.\n');
});

test('without git every migration is checked, with a note; a schema without its migration fails', async () => {
  const { program } = await packageWith(description, `${description} note: text('note'),`);
  const { exitCode, stdout, stderr } = await run(['check'], { program });
  expect(exitCode).toBe(1);
  expect(stdout).toContain(
    '✗ The migrations match the schema\n  The schema has changes without a migration: run `pnpm db:generate`.\n',
  );
  expect(stdout).toContain('✓ 1 migration not deployed yet');
  expect(stderr).toContain('There is no origin/main in git: every migration is checked.');
});

describe('the SQL of the migrations', () => {
  const schema = `export const note = pgTable('note', { id: serial('id').primaryKey(), body: text('body').notNull() }, (t) => [
    index('idx_note_body').on(t.body)]);`;

  test.each([
    [
      'renames a column',
      '"body" text',
      '"text" text',
      ['column note.body: missing, wanted text NOT NULL', 'column note.text: not wanted'],
    ],
    [
      'makes a column nullable',
      '"body" text NOT NULL',
      '"body" text',
      ['column note.body: nullability is null, wanted not null'],
    ],
    ['leaves out an index', /CREATE INDEX.*/, '', ['index note.idx_note_body: missing']],
  ])(
    'is compared with the schema, although the snapshot beside an edited file did not change: %s',
    async (_title, from, to, faults) => {
      const fixture = await fixturePackage({ schema });
      await fixture.run(['generate', '--name', 'note']);
      const file = join(fixture.folder, 'migrations', '0000_note.sql');
      const sql = await readFile(file, 'utf8');
      // The index names the column, so both must change.
      const edited = sql
        .replace(from, to)
        .replace('btree ("body")', to === '"text" text' ? 'btree ("text")' : 'btree ("body")');
      expect(edited).not.toBe(sql);
      await writeFile(file, edited.replace(/--> statement-breakpoint\n?$/, ''));
      const { exitCode, stdout } = await fixture.run(['check', '--all']);
      expect(exitCode).toBe(1);
      expect(stdout).toContain('✓ The migrations match the schema\n');
      expect(stdout).toContain('✗ The SQL of the migrations creates the schema\n');
      for (const fault of faults) expect(stdout).toContain(`  ${fault}`);
    },
  );

  test('may create objects that Drizzle cannot declare', async () => {
    const fixture = await fixturePackage({ schema });
    await fixture.run(['generate', '--name', 'note']);
    await fixture.run(['generate', '--custom', '--name', 'by_hand']);
    await writeFile(
      join(fixture.folder, 'migrations', '0001_by_hand.sql'),
      `create function touch() returns trigger language plpgsql as 'begin return new; end';
       create trigger touched before update on note for each row execute function touch();
       create domain positive as int check (value > 0);
       create extension citext;
       grant select on note to public;
       comment on table note is 'Notes';`,
    );
    const { stdout } = await fixture.run(['check', '--base', 'HEAD']);
    expect(stdout).toContain('✓ The SQL of the migrations creates the schema\n');
  });
});

test('a schema that drizzle-kit cannot write and a journal with conflict markers are named as such', async () => {
  const fixture = await fixturePackage({
    schema: `const mood = pgEnum('mood', ['good']); export const note = pgTable('note', { mood: mood('mood') });`,
  });
  expect(await fixture.run(['check'])).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining(
      '✗ drizzle-kit can write the schema as SQL\n  The column note.mood uses the enum mood',
    ),
  });
  await rewriteFolder(join(fixture.folder, 'migrations'), ...two);
  await writeFile(
    join(fixture.folder, 'migrations', 'meta', '_journal.json'),
    '<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> mine\n',
  );
  expect(await fixture.run(['check'])).toMatchObject({
    exitCode: 1,
    stdout: expect.stringMatching(
      /^✗ Journal, files and snapshots agree\n {2}_journal\.json has the conflict markers of a merge/,
    ),
  });
});
