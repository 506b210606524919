import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { findLocalNeon, removeLocalNeon, startLocalNeon } from '../src/index.ts';
import { ask } from './connect.ts';
import { createDataFolder, realPostgres } from './data-folder.ts';

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;

/** A data directory with a row in it, in a folder with room for copies. */
let folder: string;
let dataDir: string;
beforeAll(async () => {
  const created = await createDataFolder();
  ({ folder, dataDir } = created);
  const neon = await startLocalNeon({ dataDir });
  await ask(neon.url, 'create table carried as select 42 as n');
  await neon.close();
  return () => created.remove();
});

async function readRows(from: string): Promise<unknown> {
  await using neon = await startLocalNeon({ dataDir: from });
  return await ask(neon.url, 'select n from carried');
}

const ROWS = [{ n: 42 }];

describe('a data directory that was copied while its server ran', () => {
  let copy: string;
  beforeAll(async () => {
    copy = join(folder, 'copy');
    const neon = await startLocalNeon({ dataDir });
    await run('cp', ['-R', dataDir, copy]);
    return () => neon.close();
  });

  test('is not served by that server', async () => {
    expect(await findLocalNeon(dataDir)).toBeDefined();
    expect(await findLocalNeon(copy)).toBeUndefined();
  });

  test.skipIf(isRoot)('has its own databases', async () => {
    expect(await readRows(copy)).toEqual(ROWS);
    await removeLocalNeon(copy);
  });

  test.runIf(isRoot)('is refused for root, because its copied link points to the data of the original', async () => {
    await expect(startLocalNeon({ dataDir: copy })).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_UNUSABLE',
      message: expect.stringContaining(`${copy} is a copy of ${dataDir}`),
    });
    await removeLocalNeon(copy);
    expect(await readRows(dataDir)).toEqual(ROWS);
  });
});

test('a data directory that was moved has its rows, also with a very long path', async () => {
  const moved = join(folder, 'x'.repeat(250), 'data');
  await mkdir(dirname(moved));
  await rename(dataDir, moved);
  onTestFinished(() => rename(moved, dataDir));
  expect(await readRows(moved)).toEqual(ROWS);
});

test('a data directory that chmod opened to all users is closed again', async () => {
  const cluster = join(dataDir, 'postgres');
  await chmod(cluster, 0o777);
  expect(await readRows(dataDir)).toEqual(ROWS);
  expect((await stat(cluster)).mode & 0o777).toBe(0o700);
});

test('a data directory can be created below a folder name of nearly the maximum length', async () => {
  const long = join(folder, 'y'.repeat(250), 'data');
  await mkdir(dirname(long));
  onTestFinished(() => removeLocalNeon(long));
  await using neon = await startLocalNeon({ dataDir: long });
  expect(await ask(neon.url, 'select 1 as n')).toEqual([{ n: 1 }]);
});

test('a path with a line break in it is refused', async () => {
  await expect(startLocalNeon({ dataDir: join(folder, 'two\nlines') })).rejects.toMatchObject({
    code: 'DATA_DIRECTORY_UNUSABLE',
    message: expect.stringContaining('line break'),
  });
});

test('a user’s link to a missing disk is refused and left unchanged', async () => {
  const linked = join(folder, 'linked');
  await mkdir(linked);
  await symlink('/nowhere/postgres', join(linked, 'postgres'));
  onTestFinished(() => rm(linked, { recursive: true }));
  await expect(startLocalNeon({ dataDir: linked })).rejects.toMatchObject({
    code: 'DATA_DIRECTORY_UNUSABLE',
    message: expect.stringContaining('is a link to /nowhere/postgres, which contains no PostgreSQL database'),
  });
  expect(await readlink(join(linked, 'postgres'))).toBe('/nowhere/postgres');
});

test('a data directory whose cluster is lost gets a new one with the same URL', async () => {
  const { dataDir: lost, remove } = await createDataFolder();
  onTestFinished(() => remove());
  const before = await startLocalNeon({ dataDir: lost });
  await before.close();
  await rm((await realPostgres(lost)) ?? '', { recursive: true });
  const after = await startLocalNeon({ dataDir: lost });
  expect(after.url).toBe(before.url);
  expect(await ask(after.url, 'select current_user as role')).toEqual([{ role: 'todo' }]);
  await after.close();
});

test('a data directory whose cluster is lost can be removed', async () => {
  const { dataDir: lost, remove } = await createDataFolder();
  await (await startLocalNeon({ dataDir: lost })).close();
  await rm(dirname((await realPostgres(lost)) ?? ''), { recursive: true });
  await remove();
  expect(existsSync(lost)).toBe(false);
});

describe.runIf(isRoot)('as root', () => {
  test('a container without the target of the link creates a new cluster, and the old one keeps its rows', async () => {
    const home = dirname(await readlink(join(dataDir, 'postgres')));
    const elsewhere = `${home}.elsewhere`;
    await rename(home, elsewhere);
    const neon = await startLocalNeon({ dataDir });
    await expect(ask(neon.url, 'select n from carried')).rejects.toMatchObject({ code: '42P01' });
    await neon.close();
    await rm(home, { recursive: true });
    await rename(elsewhere, home);
    expect(await readRows(dataDir)).toEqual(ROWS);
  });

  test('the databases of another user are refused, and served when PostgreSQL’s user is their owner again', async () => {
    const home = dirname(await readlink(join(dataDir, 'postgres')));
    const cluster = join(home, 'postgres');
    await run('chown', ['-R', '1:1', cluster]);
    await expect(startLocalNeon({ dataDir })).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_UNUSABLE',
      message: expect.stringContaining(`To keep the databases, make user 65534 the owner of ${cluster} (chown -R).`),
    });
    await run('chown', ['-R', '65534:65534', cluster]);
    expect(await readRows(dataDir)).toEqual(ROWS);
  });
});
