/** Compares drizzle-kit with our commands where they differ. Both run in the same package, without a terminal. */
import { cp, mkdir, readdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { emptyBranch, testBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

import { type Outcome, run, temporaryFolder } from './command.ts';
import { rewriteFolder } from './migrations-folder.ts';
import { packageCopy, packageWith } from './package-copy.ts';
import { query } from './query.ts';

const installed = join(import.meta.dirname, '..', 'node_modules');
const kit = join('node_modules', 'drizzle-kit', 'bin.cjs');

function upstream(command: string, folder: string, url: string): Promise<Outcome> {
  return run([command], { program: join(folder, kit), cwd: folder, url });
}

test('a failed migration is not explained by drizzle-kit; ours names file, line, SQLSTATE and detail', async () => {
  const { url } = await emptyBranch();
  const { folder, program } = await packageCopy();
  const sql = 'CREATE TABLE note (id int PRIMARY KEY);\n--> statement-breakpoint\nINSERT INTO note VALUES (1), (1);';
  await rewriteFolder(join(folder, 'migrations'), { name: '0000_twice', sql });

  const theirs = await upstream('migrate', folder, url);
  expect(theirs.exitCode).toBe(1);
  expect(theirs.stdout + theirs.stderr).not.toMatch(/0000_twice|note|duplicate|23505/);

  const ours = await run(['migrate'], { program, url });
  expect(ours.exitCode).toBe(1);
  expect(ours.stderr).toMatch(
    /0000_twice\.sql:3, statement 2 of 2: duplicate key.*\(SQLSTATE 23505\)\n {2}detail: Key/,
  );
});

test('drizzle-kit exits with 0 for a push that PostgreSQL refuses; ours exits with 1', async () => {
  const { url } = await testBranch();
  await query(
    url,
    'drop index idx_group_email_unique',
    `insert into "group" (email, secret) values ('a@example.com', 'h'), ('a@example.com', 'h')`,
  );
  const { folder, program } = await packageCopy();
  expect(await upstream('push', folder, url)).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('23505') });
  const ours = await run(['push'], { program, url });
  expect(ours).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('SQLSTATE 23505') });
});

test('drizzle-kit exits with 0 for a possible rename and does nothing, in push and generate; ours exits with 1', async () => {
  const { url } = await testBranch();
  const { folder, program } = await packageWith(`description: text('description')`, `description: text('details')`);
  const columns = () =>
    query(url, `select from pg_attribute where attrelid = 'task'::regclass and attname = 'description'`);

  for (const command of ['push', 'generate']) {
    const files = await readdir(join(folder, 'migrations'));
    expect(await upstream(command, folder, url)).toMatchObject({ exitCode: 0 });
    expect(await run([command], { program, url })).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('Run the command in a terminal and answer the question'),
    });
    expect(await columns()).toHaveLength(1);
    expect(await readdir(join(folder, 'migrations'))).toEqual(files);
  }
});

test('drizzle-kit without `pg` uses the Neon driver, which reaches no database on this machine; ours does', async () => {
  const { url } = await emptyBranch();
  const { folder, program } = await packageCopy();
  const theirs = await upstream('migrate', await withoutPg(folder, url), url);
  expect(theirs).toMatchObject({
    exitCode: 1,
    stdout: expect.stringContaining("Using '@neondatabase/serverless' driver"),
  });
  expect(await query(url, `select to_regclass('task') as table`)).toEqual([{ table: null }]);
  expect(await run(['migrate'], { program, url })).toMatchObject({ exitCode: 0 });
});

/** Migrates with a copy of drizzle-kit that finds no driver but Neon's. */
async function withoutPg(folder: string, url: string): Promise<string> {
  const copy = await temporaryFolder();
  await cp(join(folder, 'migrations'), join(copy, 'migrations'), { recursive: true });
  const config = { dialect: 'postgresql', out: './migrations', dbCredentials: { url } };
  await writeFile(join(copy, 'drizzle.config.json'), JSON.stringify(config));

  // drizzle-kit resolves drivers from its own folder, so it is copied; its other dependencies are linked.
  await mkdir(join(copy, 'node_modules', 'drizzle-kit'), { recursive: true });
  const installedKit = await realpath(join(installed, 'drizzle-kit'));
  await cp(join(installedKit, 'bin.cjs'), join(copy, kit));
  const needed = (await readdir(dirname(installedKit))).filter((name) => name !== 'drizzle-kit');
  for (const name of needed) await symlink(join(dirname(installedKit), name), join(copy, 'node_modules', name));
  for (const name of ['drizzle-orm', '@neondatabase']) {
    await symlink(join(installed, name), join(copy, 'node_modules', name));
  }
  return copy;
}
