/** `check` before a merge: the folder is whole, leads to the schema, is safe to run, and runs from every version. */
import { execFileSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { emptyBranch } from '@todo/local-neon/vitest';
import { describe, expect, test } from 'vitest';

import { findChainFaults } from '../../src/migrate/chain.ts';
import { fillTables } from '../../src/rows/fill-tables.ts';
import { hasFile, readFolder } from '../../src/migrate/folder.ts';
import { rehearse } from '../../src/migrate/rehearse.ts';
import { connectSession } from '@todo/client/session';
import { run } from '../command.ts';
import { migrationsFolder, type TestMigration } from '../migrations-folder.ts';
import { packageCopy, packageWith } from '../package-copy.ts';
import { query } from '../query.ts';

const two: TestMigration[] = [
  { name: '0000_first', sql: 'CREATE TABLE note (id serial PRIMARY KEY, body text);' },
  { name: '0001_second', sql: 'ALTER TABLE note ADD COLUMN at date;' },
];

/** With snapshots, as drizzle-kit chains them. */
async function chained(...migrations: TestMigration[]): Promise<string> {
  const directory = await migrationsFolder(...migrations);
  for (const index of migrations.keys()) {
    const prevId = index === 0 ? '00000000-0000-0000-0000-000000000000' : `id ${index - 1}`;
    const snapshot = JSON.stringify({ id: `id ${index}`, prevId });
    await writeFile(join(directory, 'meta', `000${index}_snapshot.json`), snapshot);
  }
  return directory;
}

describe('the chain', () => {
  test('is whole as drizzle-kit writes it', async () => {
    expect(await findChainFaults(await chained(...two))).toEqual([]);
  });

  test.each<[string, (directory: string) => Promise<unknown>, string]>([
    ['a file is gone', (directory) => rm(join(directory, '0001_second.sql')), '0001_second.sql is not there'],
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
      '0001_second was not written on top of the one before it',
    ],
    [
      'two branches took the same number',
      async (directory) => {
        const journal = join(directory, 'meta', '_journal.json');
        await writeFile(journal, (await readFile(journal, 'utf8')).replace('"idx":1', '"idx":0'));
      },
      '0001_second has number 0 in the journal, and is at place 1',
    ],
  ])('is broken when %s', async (_title, damage, fault) => {
    const directory = await chained(...two);
    await damage(directory);
    expect((await findChainFaults(directory)).join('\n')).toContain(fault);
  });

  test('is broken when a file is older than the one before it, or dated in the future', async () => {
    const [first, second] = two as [TestMigration, TestMigration];
    const late = Date.UTC(2999, 0);
    expect(await findChainFaults(await chained({ ...first, when: 2 }, { ...second, when: 1 }))).toEqual([
      expect.stringContaining('0001_second is not newer'),
    ]);
    expect(await findChainFaults(await chained(first, { ...second, when: late }))).toEqual([
      expect.stringContaining('0001_second is dated in the future'),
    ]);
  });
});

async function rehearsed(...migrations: TestMigration[]) {
  const folder = await readFolder(await migrationsFolder(...migrations));
  return rehearse(folder.migrations.filter(hasFile), async () => {
    const { url } = await emptyBranch();
    return { url, [Symbol.asyncDispose]: async () => {} };
  });
}

describe('the rehearsal', () => {
  test('passes what runs from every version', async () => {
    expect(await rehearsed(...two)).toEqual({ faults: [], unfilled: [] });
  });

  test('finds what runs on empty tables only', async () => {
    const { faults } = await rehearsed(...two, {
      name: '0002_due',
      sql: 'ALTER TABLE note ADD COLUMN due date NOT NULL;',
    });
    expect(faults).toEqual([
      expect.stringMatching(/^From 0000_first, with rows in the tables: 0002_due\.sql:1.*contains null values/),
      expect.stringMatching(/^From 0001_second, with rows in the tables: 0002_due/),
    ]);
  });

  test('finds what makes another schema of a database with rows', async () => {
    const sql = `DO $$ BEGIN IF EXISTS (SELECT FROM note) THEN ALTER TABLE note ADD COLUMN odd int; END IF; END $$;`;
    const { faults } = await rehearsed(two[0]!, { name: '0001_odd', sql });
    expect(faults).toEqual(['From 0000_first, with rows in the tables: column note.odd: not wanted, is integer']);
  });

  test('finds what does not run at all', async () => {
    const { faults } = await rehearsed(two[0]!, { name: '0001_typo', sql: 'ALTER TABLE nota ADD COLUMN at date;' });
    expect(faults).toEqual([expect.stringMatching(/^From an empty database: 0001_typo/)]);
  });
});

test('rows are made for tables of every kind, in an order that their references allow', async () => {
  const { url } = await emptyBranch();
  await using session = await connectSession(url);
  await query(
    url,
    `create type mood as enum ('ok')`,
    'create table zweig (id bigint generated always as identity primary key, up bigint references zweig)',
    `create table "A leaf" (zweig bigint unique not null references zweig, c char(3) not null, v varchar(4) unique not null,
       t text not null, u uuid not null, j jsonb not null, b bytea not null, d date not null, ts timestamptz not null, n numeric(3, 1) not null,
       f float not null, m mood not null, a int[] not null, i interval not null, ip inet not null, bo boolean not null,
       g int generated always as (1) stored, "Odd name" text not null)`,
    'create table nothing (id serial primary key)',
    'create table hen (id int primary key, egg int)',
    'create table egg (id int primary key, hen int references hen)',
    'alter table hen add foreign key (egg) references egg',
    'create table strict (n int not null check (n > 100))',
  );
  expect(await fillTables(session)).toEqual([expect.stringMatching(/^strict: .*violates check constraint/)]);
  for (const table of ['zweig', '"A leaf"', 'nothing', 'hen', 'egg']) {
    expect(await query(url, `select from ${table}`)).toHaveLength(3);
  }
});

const description = `description: text('description'),`;

test('what is merged can be told from what is new, and each thing that is wrong is named with its remedy', async () => {
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
      '✓ The migrations folder is whole',
      '✓ The migrations lead to the schema',
      '✓ 0 migrations not deployed yet: safe on a database in use',
      '✓ They run from nothing, and from each earlier version with rows in the tables',
      '',
    ].join('\n'),
    stderr: '',
  });

  await run(['generate', '--custom', '--name', 'due'], { program });
  await writeFile(join(folder, 'migrations', '0001_due.sql'), 'ALTER TABLE task ADD COLUMN due date NOT NULL;');
  const { exitCode, stdout, stderr } = await run(['check', '--base', 'HEAD'], { program });
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(
    /✗ 1 migration not deployed yet.*\n {2}0001_due\.sql:1 required-column: It fails .*\n {4}Instead: Add it .*\n✗ .*\n {2}From 0000/,
  );
  expect(stderr).toBe('2 to mend.\n');
});

test('without git every migration is judged, and it says so; a schema without its migration fails', async () => {
  const { program } = await packageWith(description, `${description} note: text('note'),`);
  const { exitCode, stdout, stderr } = await run(['check'], { program });
  expect(exitCode).toBe(1);
  expect(stdout).toContain('✗ The migrations lead to the schema\n  A migration is missing: `pnpm db:generate`.\n');
  expect(stdout).toContain('✓ 1 migration not deployed yet');
  expect(stderr).toContain('There is no origin/main in git: every migration is judged.');
});
