import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readFolder } from '@todo/migrator';
import { emptyBranch } from '@todo/local-neon/vitest';
import { describe, expect, it, onTestFinished } from 'vitest';

import { lintPending } from '../src/checks/migrate/lint.ts';
import type { Result } from '../src/result.ts';
import { execute } from './database.ts';
import { proveTwoTables } from './prove.ts';
import { twoTables, twoTablesBranch } from './two-tables/two-tables.ts';

describe('migrate/replay', () => {
  it('passes if a second run of the migrations changes nothing', async () => {
    expect(await replayOn(await twoTablesBranch())).toMatchObject({
      status: 'pass',
      detail: expect.stringContaining('a second run changed none'),
    });
  });

  it('finds a second run that runs a migration again, and the changes of that run', async () => {
    const result = await replayOn(await emptyBranch());
    expect(result?.findings).toMatchObject([
      { have: 'a second run: 0000_user_and_todo ran again', fix: expect.stringContaining('`drizzle`') },
      ...Array.from({ length: 2 }, () => ({
        have: expect.stringMatching(/^a second run: table (todo|user): not wanted/),
      })),
    ]);
  });

  it('compares only objects that migrations create, and ignores concurrent changes to other objects', async () => {
    const [{ url }, { url: shadow }] = await Promise.all([twoTablesBranch(), twoTablesBranch()]);
    await execute(
      url,
      'grant select on todo to public',
      'create table stray (id int)',
      'alter table todo drop description, add description text',
    );
    const replay = async () => (await proveTwoTables(url, { only: ['migrate/replay'], shadow }))[0];
    expect(await replay()).toMatchObject({ status: 'pass' });
    await execute(url, 'alter table todo drop description');
    expect(await replay()).toMatchObject({ status: 'fail', findings: [{ have: 'one difference' }] });
  });

  it('finds a second run that fails because the migrations table lost a record', async () => {
    const branch = await twoTablesBranch();
    await execute(branch.url, 'truncate drizzle.__drizzle_migrations, drizzle.todo_db_migrations');
    const result = await replayOn(branch);
    expect(result?.findings).toMatchObject([
      { have: expect.stringContaining('no record of the migrations that create them') },
    ]);
  });
});

describe('migrate/modified', () => {
  it('names the change that an editor or git made to a file on its own', async () => {
    const { url } = await twoTablesBranch();
    const { migrations } = await readFolder(twoTables.database.migrations);
    const text = await readFile(join(twoTables.database.migrations, `${migrations[0]?.name}.sql`), 'utf8');
    const findings = async (ran: string) => {
      const hash = createHash('sha256').update(ran).digest('hex');
      await execute(url, `update drizzle.__drizzle_migrations set hash = '${hash}' where id = 1`);
      const [result] = await proveTwoTables(url, { only: ['migrate/modified'] });
      return result?.findings?.map(({ have, fix }) => [have.replace(/^\S+ /, ''), fix]);
    };
    expect(await findings(text)).toBeUndefined();
    expect(await findings(text.replaceAll('\n', '\r\n'))).toEqual([
      ['differs from the file that ran, in its line ends (CRLF ran)', expect.stringContaining('eol=crlf')],
    ]);
    expect(await findings(`\uFEFF${text}`)).toEqual([
      [
        'differs from the file that ran, in its byte order mark',
        expect.stringContaining('changed its byte order mark'),
      ],
    ]);
    expect(await findings(`${text}-- more`)).toEqual([
      ['differs from the file that ran on this database', expect.stringContaining('as a new migration')],
    ]);
  });
});

describe('migrate/pending', () => {
  it('prints the statement that restores the missing row of an applied migration', async () => {
    const { url } = await twoTablesBranch();
    await execute(
      url,
      'delete from drizzle.__drizzle_migrations',
      `insert into drizzle.__drizzle_migrations (hash, created_at) values ('', 1)`,
    );
    const pending = async () => (await proveTwoTables(url, { only: ['migrate/pending'] }))[0];
    const [finding] = (await pending())?.findings ?? [];
    expect(finding?.have).toBe('0000_user_and_todo is unrecorded');
    await execute(url, finding?.fix ?? '', 'delete from drizzle.__drizzle_migrations where created_at = 1');
    expect(await pending()).toMatchObject({ status: 'pass' });
  });
});

describe('migrate/lint', () => {
  it.each(['pending', 'half-applied'] as const)(
    'finds an unsafe statement in a file that is %s, on its line',
    async (state) => {
      const { migrations } = await readFolder(await folderWith('\nALTER TABLE "user" ADD COLUMN due date NOT NULL;\n'));
      const states = [
        { name: '0000_users', state: 'applied' },
        { name: '0001_due', state },
      ] as const;
      expect(await lintPending({ migrations, states }, twoTables.database)).toEqual([
        {
          severity: 'warning',
          have: 'required-column in 0001_due.sql',
          want: 'a statement that is safe on a database in use',
          why: expect.stringContaining('The statement fails if the table has rows'),
          fix: expect.stringMatching(/DEFAULT.*\n.*-- allow required-column: <reason>$/),
          places: [{ file: 'apps/verifier/test/two-tables/migrations/0001_due.sql', line: 2 }],
        },
      ]);
    },
  );

  it('ignores a file that has run', async () => {
    const { migrations } = await readFolder(await folderWith('DROP TABLE "user";'));
    const states = migrations.map(({ name }) => ({ name, state: 'applied' }) as const);
    expect(await lintPending({ migrations, states }, twoTables.database)).toEqual([]);
  });
});

/** Writes a migrations folder that ends with this file. The folder is removed after the test. */
async function folderWith(sql: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'migrations-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const files = { '0000_users': 'CREATE TABLE "user" (id int);', '0001_due': sql };
  const entries = Object.keys(files).map((tag, index) => ({ tag, when: index }));
  await mkdir(join(directory, 'meta'));
  await writeFile(join(directory, 'meta', '_journal.json'), JSON.stringify({ entries }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, `${name}.sql`), text);
  return directory;
}

/** Uses the database as its own shadow, so that nothing differs between the two runs. */
async function replayOn({ url }: { url: string }): Promise<Result | undefined> {
  const [result] = await proveTwoTables(url, { only: ['migrate/replay'] });
  return result;
}
