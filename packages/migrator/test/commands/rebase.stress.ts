/** `rebase` regenerates the migrations of this branch after those of the base branch, and changes nothing if it cannot. */
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { emptyBranch } from '@todo/local-neon/vitest';
import { describe, expect, test } from 'vitest';

import { start } from '../command.ts';
import { query } from '../query.ts';
import { hasTerminals, onTerminal } from '../terminal.ts';
import { conflict, note, type Repository, repository } from './two-branches.ts';

const rebase = ['rebase', '--base', 'main'];

const fileOf = (repo: Repository, name: string) => join(repo.folder, 'migrations', name);

/** Runs the command, and expects that no file changes. */
async function refused(repo: Repository, ...args: string[]) {
  const before = await repo.migrations();
  const outcome = await repo.run(args);
  expect(await repo.migrations()).toEqual(before);
  expect(await readdir(repo.folder)).not.toContainEqual(expect.stringMatching(/^\.rebase-/));
  return outcome;
}

describe('a rebase in the middle of a merge', () => {
  test("puts the migrations of this branch after those of the base, keeps the base's files byte for byte, and applies to a database of the base", async () => {
    const repo = await conflict();
    const { url } = await emptyBranch();
    repo.git('worktree', 'add', '--quiet', 'of-main', 'main');
    const ofMain = join(repo.folder, 'of-main');
    expect(await repo.run(['migrate'], { url, program: join(ofMain, 'cli.js') })).toMatchObject({ exitCode: 0 });
    expect(await query(url, 'select theirs from note')).toEqual([]);
    repo.git('worktree', 'remove', '--force', 'of-main');
    const theirs = repo.git('show', 'main:migrations/0001_theirs.sql');

    const { exitCode, stdout } = await repo.run(rebase);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('✓ The migrations match the schema\n');
    expect(stdout).toMatch(/\n0001_mine is now 0002_mine: generated\n$/);
    expect(await repo.sqlFiles()).toEqual(['0000_note.sql', '0001_theirs.sql', '0002_mine.sql']);
    const after = await repo.migrations();
    expect(after['0001_theirs.sql']).toBe(theirs);
    expect(after['meta/0001_snapshot.json']).toBe(repo.git('show', 'main:migrations/meta/0001_snapshot.json'));
    expect(after['0002_mine.sql']).toBe('ALTER TABLE "note" ADD COLUMN "mine" text;');

    repo.commit('merged');
    expect(await repo.run(['check', '--base', 'main'])).toMatchObject({ exitCode: 0 });
    expect(await refused(repo, ...rebase)).toEqual({
      exitCode: 0,
      stdout: 'Nothing to rebase: 1 migration of this branch, already after those of main.\n',
      stderr: '',
    });
    expect(await repo.run(['migrate'], { url })).toMatchObject({ exitCode: 0 });
    expect(await query(url, 'select mine, theirs from note')).toEqual([]);
  });

  test('keeps several migrations of this branch separate, with the same content', async () => {
    const repo = await repository(note());
    repo.git('switch', '--quiet', '--create', 'mine');
    await repo.migration('first', note(`first: text('first')`));
    await repo.migration('second', note(`first: text('first')`, `second: text('second')`));
    repo.git('switch', '--quiet', 'main');
    await repo.migration('theirs', note(`theirs: text('theirs')`));
    repo.git('switch', '--quiet', 'mine');
    repo.gitConflict('merge', 'main');
    await repo.write(note(`theirs: text('theirs')`, `first: text('first')`, `second: text('second')`));
    expect(await repo.run(rebase)).toMatchObject({ exitCode: 0 });
    const after = await repo.migrations();
    expect(after['0002_first.sql']).toBe('ALTER TABLE "note" ADD COLUMN "first" text;');
    expect(after['0003_second.sql']).toBe('ALTER TABLE "note" ADD COLUMN "second" text;');
  });

  test('applies a change of both branches once, and generates what the merged schema has beyond both', async () => {
    const repo = await conflict({
      theirs: note(`due: text('due')`),
      mine: note(`due: text('due')`),
      merged: note(`due: text('due')`, `place: text('place')`),
    });
    const { exitCode, stdout } = await repo.run(rebase);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('0001_mine is now 0002_mine: generated');
    expect((await repo.migrations())['0002_mine.sql']).toBe('ALTER TABLE "note" ADD COLUMN "place" text;');

    const same = await conflict({
      theirs: note(`due: text('due')`),
      mine: note(`due: text('due')`),
      merged: note(`due: text('due')`),
    });
    expect(await same.run(rebase)).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('0001_mine: removed, because all its changes exist already\n'),
    });
    expect(await same.sqlFiles()).toEqual(['0000_note.sql', '0001_theirs.sql']);
  });

  test('accepts files of the same name on both branches, and reads SQL with conflict markers as two files', async () => {
    const repo = await repository(note());
    repo.git('switch', '--quiet', '--create', 'mine');
    await repo.migration('add', note(`mine: text('mine')`));
    repo.git('switch', '--quiet', 'main');
    await repo.migration('add', note(`theirs: text('theirs')`));
    repo.git('switch', '--quiet', 'mine');
    repo.gitConflict('merge', 'main');
    await repo.write(note(`theirs: text('theirs')`, `mine: text('mine')`));
    expect(await repo.run(rebase)).toMatchObject({ exitCode: 0 });
    const after = await repo.migrations();
    expect(after['0001_add.sql']).toBe('ALTER TABLE "note" ADD COLUMN "theirs" text;');
    expect(after['0002_add.sql']).toBe('ALTER TABLE "note" ADD COLUMN "mine" text;');
  });

  test.each<[string, (repo: Repository) => unknown]>([
    [
      'the journal and the snapshot were taken from the base manually',
      (repo) => repo.git('checkout', '--theirs', 'migrations'),
    ],
    ['they were taken from this branch', (repo) => repo.git('checkout', '--ours', 'migrations')],
    ['the merge was committed with its markers', (repo) => repo.commit('markers')],
    [
      'the branch is rebased by git instead',
      (repo) => {
        repo.git('merge', '--abort');
        repo.gitConflict('rebase', 'main');
      },
    ],
    ['git shows what both had before, too', (repo) => repo.git('checkout', '--conflict=diff3', 'migrations/meta')],
  ])('a rebase works where %s', async (_situation, change) => {
    const repo = await conflict();
    repo.git('checkout', '--ours', 'schema.js');
    repo.git('add', 'schema.js');
    change(repo);
    await repo.write(note(`theirs: text('theirs')`, `mine: text('mine')`));
    expect(await repo.run(rebase)).toMatchObject({ exitCode: 0 });
    expect((await repo.migrations())['0002_mine.sql']).toBe('ALTER TABLE "note" ADD COLUMN "mine" text;');
    expect(await repo.sqlFiles()).toEqual(['0000_note.sql', '0001_theirs.sql', '0002_mine.sql']);
  });

  test('a rebase works on uncommitted changes: a stash applied on top of the base', async () => {
    const repo = await repository(note());
    await repo.migration('mine', note(`mine: text('mine')`));
    repo.git('reset', '--quiet', '--soft', 'HEAD~1');
    repo.git('stash');
    await repo.migration('theirs', note(`theirs: text('theirs')`));
    repo.gitConflict('stash', 'pop');
    await repo.write(note(`theirs: text('theirs')`, `mine: text('mine')`));
    expect(await repo.run(rebase)).toMatchObject({ exitCode: 0 });
    expect(await repo.sqlFiles()).toEqual(['0000_note.sql', '0001_theirs.sql', '0002_mine.sql']);
  });
});

describe('a rebase changes nothing, and prints the reason,', () => {
  test('if there is no such commit', async () => {
    const repo = await repository(note());
    expect(await refused(repo, 'rebase')).toEqual({
      exitCode: 4,
      stdout: '',
      stderr:
        'Nothing was done: there is no origin/main in git. Fetch it (`git fetch origin`), or name the branch that you merge with: `pnpm db:rebase --base main`.\n',
    });
    expect(await refused(repo, 'rebase', '--base', '--all')).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('there is no --all in git'),
    });
  });

  test('if there is no git repository', async () => {
    const repo = await repository(note());
    await rm(join(repo.folder, '.git'), { recursive: true });
    const { exitCode, stderr } = await refused(repo, ...rebase);
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(/not a git repository.*\n`pnpm db:rebase --last` needs no git/);
  });

  test('if git is not installed', async () => {
    const repo = await repository(note());
    const outcome = await repo.run(rebase, { variables: { PATH: '/nowhere' } });
    expect(outcome).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('git is not installed') });
  });

  test('if this branch has no migrations', async () => {
    const repo = await repository(note());
    const nothing = 'Nothing to rebase: every migration of this branch is in main.\n';
    expect(await refused(repo, ...rebase)).toEqual({ exitCode: 0, stdout: nothing, stderr: '' });
    await repo.write(note(`body: text('body')`));
    expect(await refused(repo, ...rebase)).toEqual({
      exitCode: 0,
      stdout: nothing,
      stderr: 'The schema has changes without a migration: run `pnpm db:generate`.\n',
    });
  });

  test('if a database has applied a migration of this branch', async () => {
    const { url } = await emptyBranch();
    const repo = await conflict();
    repo.git('merge', '--abort');
    expect(await repo.run(['migrate'], { url })).toMatchObject({ exitCode: 0 });
    repo.gitConflict('merge', 'main');
    await repo.write(note(`theirs: text('theirs')`, `mine: text('mine')`));
    const before = await repo.migrations();
    const { exitCode, stderr } = await repo.run(rebase, { url });
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(/Nothing was done: postgresql:\/\/.*\*\*\*.* has applied 0001_mine, and a rebase would/);
    expect(await repo.migrations()).toEqual(before);
  });

  test('if the base is not merged, or one of its files was changed', async () => {
    const repo = await conflict();
    repo.git('merge', '--abort');
    expect(await refused(repo, ...rebase)).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('  0001_theirs.sql is missing: first merge the base branch, with its schema\n'),
    });
    repo.gitConflict('merge', 'main');
    await repo.write(note(`theirs: text('theirs')`, `mine: text('mine')`));
    await writeFile(fileOf(repo, '0001_theirs.sql'), 'select 1');
    expect(await refused(repo, ...rebase)).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('  0001_theirs.sql differs from the base branch: restore it'),
    });
  });

  test('if the result would not pass the check', async () => {
    const repo = await conflict();
    await writeFile(fileOf(repo, '0001_mine.sql'), 'ALTER TABLE "note" ADD COLUMN "other" text;');
    const { exitCode, stdout, stderr } = await refused(repo, ...rebase, '--keep-sql');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('column note.mine');
    expect(stderr).toContain('Nothing was done: the generated migrations do not pass the check');
  });

  test('if it is interrupted', async () => {
    const repo = await conflict();
    const before = await repo.migrations();
    const { child, outcome } = start(rebase, { program: repo.program, cwd: repo.folder });
    child.stdout?.once('data', () => child.kill('SIGINT'));
    expect(await outcome).toMatchObject({ exitCode: 130, stderr: expect.stringContaining('Interrupted (SIGINT).') });
    expect(await repo.migrations()).toEqual(before);
    expect(await readdir(repo.folder)).not.toContainEqual(expect.stringMatching(/^\.rebase-/));
  });
});

test('a rebase names a database that cannot be reached, and continues', async () => {
  const repo = await conflict();
  const { exitCode, stderr } = await repo.run(rebase, { url: 'postgresql://u:secret@localhost:1/db' });
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/Could not connect to .*\n.*\nCould not check which migrations this database has applied\.\n/);
  expect(stderr).not.toContain('secret');
});

/** A column with an index on it. */
const indexed = (column: string) =>
  `export const note = pgTable('note', { id: serial('id').primaryKey(), body: text('body'), ${column} }, (t) => [index('idx_body').on(t.body)]);`;

describe('a migration of this branch that drizzle-kit would not write', () => {
  const byHand = '-- migrate: no transaction\nCREATE INDEX CONCURRENTLY "idx_body" ON "note" ("body");';

  /** A branch with an edited index and, after it, a custom file. */
  async function editedBranch(): Promise<Repository> {
    const repo = await repository(note(`body: text('body')`));
    repo.git('switch', '--quiet', '--create', 'mine');
    await repo.migration('index', indexed(''));
    await writeFile(fileOf(repo, '0001_index.sql'), byHand);
    await repo.run(['generate', '--custom', '--name', 'fill']);
    await writeFile(fileOf(repo, '0002_fill.sql'), `UPDATE "note" SET "body" = '' WHERE "body" IS NULL;`);
    repo.commit('by hand');
    repo.git('switch', '--quiet', 'main');
    await repo.migration('theirs', note(`body: text('body')`, `theirs: text('theirs')`));
    repo.git('switch', '--quiet', 'mine');
    repo.gitConflict('merge', 'main');
    await repo.write(indexed(`theirs: text('theirs')`));
    return repo;
  }

  test('is never dropped without a decision: without a terminal, a flag is required', async () => {
    const { exitCode, stderr } = await refused(await editedBranch(), ...rebase);
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(/0001_index\.sql differs from the SQL of drizzle-kit.*--keep-sql or --drop-sql/s);
  });

  test('is kept as it is, at its position after the base', async () => {
    const repo = await editedBranch();
    const { exitCode, stdout } = await repo.run([...rebase, '--keep-sql']);
    expect(stdout).toMatch(
      /\n0001_index is now 0002_index: kept unchanged\n0002_fill is now 0003_fill: kept unchanged\n$/,
    );
    expect(exitCode).toBe(0);
    const after = await repo.migrations();
    expect(after['0002_index.sql']).toBe(byHand);
    expect(after['0003_fill.sql']).toContain('UPDATE');
  });

  test('is dropped on request, and the SQL for the schema is generated; the check calls it unsafe, which needs a flag', async () => {
    const repo = await editedBranch();
    const strict = await refused(repo, ...rebase, '--drop-sql');
    expect(strict).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('index-blocks-writes') });
    expect(strict.stderr).toContain('--allow-unsafe');

    const { exitCode, stdout, stderr } = await repo.run([...rebase, '--drop-sql', '--allow-unsafe']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('The migrations were written, but some statements are unsafe');
    expect(stdout).toContain(
      '0001_index is now 0002_index: generated\n0002_fill: removed, because all its changes exist already\n',
    );
    expect((await repo.migrations())['0002_index.sql']).toMatch(/^CREATE INDEX "idx_body"/);
  });

  test('cannot be both kept and dropped: two flags at once are wrong usage', async () => {
    const repo = await repository(note());
    expect(await repo.run([...rebase, '--keep-sql', '--drop-sql'])).toMatchObject({ exitCode: 2 });
  });

  test.runIf(hasTerminals()).each([
    ['keep', /0001_mine is now 0002_mine: kept unchanged/, /-- by hand/],
    ['drop', /0001_mine is now 0002_mine: generated/, /^ALTER TABLE "note" ADD COLUMN "mine" text;$/],
  ])('is shown on a terminal with a question: %s', async (answer, said, sql) => {
    const repo = await conflict();
    await writeFile(fileOf(repo, '0001_mine.sql'), '-- by hand\nALTER TABLE "note" ADD COLUMN "mine" text;');
    const { program } = repo;
    const { exitCode, output } = await onTerminal(rebase, {
      program,
      question: /keep or drop: /,
      answer: `${answer}\n`,
    });
    expect(output).toMatch(/0001_mine\.sql differs from the SQL of drizzle-kit:\s+-- by hand/);
    expect(output).toMatch(said);
    expect(exitCode).toBe(0);
    expect((await repo.migrations())['0002_mine.sql']).toMatch(sql);
  });

  test.runIf(hasTerminals())('stays as it is when the question is answered with Ctrl-C', async () => {
    const repo = await conflict();
    await writeFile(fileOf(repo, '0001_mine.sql'), '-- by hand\nALTER TABLE "note" ADD COLUMN "mine" text;');
    const before = await repo.migrations();
    const { program } = repo;
    const { exitCode } = await onTerminal(rebase, { program, question: /keep or drop: /, answer: '\u0003' });
    expect(exitCode).toBe(130);
    expect(await repo.migrations()).toEqual(before);
  });
});

describe('a rename in a migration of this branch', () => {
  const rename = 'ALTER TABLE "note" RENAME COLUMN "body" TO "content";';
  /** A branch that renames `body` to `content`. */
  async function renamed(): Promise<Repository> {
    const repo = await repository(note(`body: text('body')`));
    repo.git('switch', '--quiet', '--create', 'mine');
    await repo.migration('rename', note(`content: text('content')`), rename);
    repo.git('switch', '--quiet', 'main');
    await repo.migration('theirs', note(`body: text('body')`, `theirs: text('theirs')`));
    repo.git('switch', '--quiet', 'mine');
    repo.gitConflict('merge', 'main');
    await repo.write(note(`content: text('content')`, `theirs: text('theirs')`));
    return repo;
  }

  const allowed = '--allow-unsafe';

  test.runIf(hasTerminals())('is asked about again, as `generate` asks', async () => {
    const repo = await renamed();
    const { program } = repo;
    const { output } = await onTerminal([...rebase, allowed], {
      program,
      question: /rename column/,
      answer: '\u001B[B\r',
    });
    expect(output).toContain('0001_rename is now 0002_rename: generated');
    expect((await repo.migrations())['0002_rename.sql']).toBe(rename);
  });

  test('is kept without a terminal by --keep-sql, and refused without this flag', async () => {
    const repo = await renamed();
    expect(await refused(repo, ...rebase)).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('--keep-sql'),
    });
    expect(await refused(repo, ...rebase, '--drop-sql')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^Nothing was changed\. drizzle-kit cannot tell.*terminal/s),
    });
    await repo.run([...rebase, '--keep-sql', allowed]);
    expect((await repo.migrations())['0002_rename.sql']).toBe(rename);
  });
});

async function withLast(): Promise<Repository> {
  const repo = await repository(note());
  await repo.write(note(`body: text('body')`));
  expect(await repo.run(['generate', '--name', 'body'])).toMatchObject({ exitCode: 0 });
  return repo;
}

describe('rebase --last', () => {
  const two = note(`body: text('body')`, `place: text('place')`);

  test('regenerates the last migration under the given name, and a second run has nothing to do', async () => {
    const repo = await withLast();
    await repo.write(two);
    const first = await repo.migrations();
    const { exitCode, stdout } = await repo.run([...rebase, '--last']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\n0001_body: generated\n$/);
    const after = await repo.migrations();
    expect(after['0001_body.sql']).toBe(
      'ALTER TABLE "note" ADD COLUMN "body" text;--> statement-breakpoint\nALTER TABLE "note" ADD COLUMN "place" text;',
    );
    expect(after['0000_note.sql']).toBe(first['0000_note.sql']);
    expect(await refused(repo, ...rebase, '--last')).toEqual({
      exitCode: 0,
      stdout: 'Nothing to do: the last migration already matches the schema.\n',
      stderr: '',
    });
    await repo.write(note(`place: text('place')`));
    expect(await repo.run([...rebase, '--last', '--name', 'place'])).toMatchObject({ exitCode: 0 });
    expect(await repo.sqlFiles()).toEqual(['0000_note.sql', '0001_place.sql']);
    expect(await repo.run(['check', '--base', 'main'])).toMatchObject({ exitCode: 0 });
  });

  test('needs no git, and removes what the schema no longer contains', async () => {
    const repo = await withLast();
    await rm(join(repo.folder, '.git'), { recursive: true });
    await repo.write(note());
    expect(await repo.run(['rebase', '--last'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('0001_body: removed, because all its changes exist already\n'),
      stderr: expect.stringContaining('There is no origin/main in git'),
    });
    expect(await repo.sqlFiles()).toEqual(['0000_note.sql']);
  });

  test('refuses a migration that the base has, that a database has applied, and a folder with faults', async () => {
    const { url } = await emptyBranch();
    const repo = await withLast();
    await repo.run(['migrate'], { url });
    await repo.write(two);
    const before = await repo.migrations();
    expect(await repo.run([...rebase, '--last'], { url })).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('has applied 0001_body'),
    });
    repo.commit('body');
    expect(await refused(repo, ...rebase, '--last')).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('0001_body is in main, so others have it.'),
    });
    expect(await repo.migrations()).toEqual(before);
    await rm(fileOf(repo, '0001_body.sql'));
    expect(await refused(repo, ...rebase, '--last')).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('do not agree'),
    });
  });
});

test.each(['meta/_journal.json', 'meta/0000_snapshot.json', '0000_note.sql'])(
  'each command that reads conflict markers in %s names them and the remedy',
  async (name) => {
    const { url } = await emptyBranch();
    const repo = await repository(note());
    const text = (await repo.migrations())[name] ?? '';
    await writeFile(fileOf(repo, name), `<<<<<<< HEAD\n${text}=======\n${text}>>>>>>> theirs\n`);
    const named = `${name.replace('meta/', '')} has the conflict markers of a merge (line 1): both branches added a migration. \`pnpm db:rebase\``;
    for (const command of ['generate', 'check', 'migrate', 'status']) {
      const { exitCode, stdout, stderr } = await repo.run([command], { url });
      expect(`${command}: ${stdout}${stderr}`).toContain(named);
      expect(exitCode).not.toBe(0);
    }
  },
);
