import { access, appendFile, mkdir, readdir, readFile, rename, rmdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { removeLocalNeon, startLocalNeon } from '../src/index.ts';
import { ask } from './connect.ts';
import { createDataFolder, realPostgres } from './data-folder.ts';

/** A data directory that each test damages and repairs. */
let dataDir: string;
beforeAll(async () => {
  const created = await createDataFolder();
  ({ dataDir } = created);
  await (await startLocalNeon({ dataDir })).close();
  // The folder holds a message of an earlier start that had to wait, which must not matter now.
  await appendFile(join(dataDir, 'postgres.log'), 'FATAL:  lock file "postmaster.pid" already exists\n');
  return () => created.remove();
});

/** Moves a file away until the end of the test. */
async function takeAway(name: string): Promise<string> {
  const file = join(dataDir, name);
  const safe = `${file}.safe`;
  await rename(file, safe);
  onTestFinished(() => rename(safe, file));
  return file;
}

describe('a data directory that cannot be used is left as it is', () => {
  test('when another major version of PostgreSQL created it', async () => {
    await writeFile(await takeAway('postgres/PG_VERSION'), '17\n');
    const before = await readdir(join(dataDir, 'postgres'));
    await expect(startLocalNeon({ dataDir })).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_UNUSABLE',
      message: expect.stringMatching(/created by PostgreSQL 17, and this is PostgreSQL 18.*Move .* away/s),
    });
    expect(await readdir(join(dataDir, 'postgres'))).toEqual(before);
  });

  test('when its passwords are missing', async () => {
    await takeAway('settings.json');
    await expect(startLocalNeon({ dataDir })).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_UNUSABLE',
      message: expect.stringContaining('settings.json is missing'),
    });
    expect(await readdir(dataDir)).not.toContain('settings.json');
  });

  test('when its passwords cannot be read', async () => {
    await mkdir(await takeAway('settings.json'));
    await expect(startLocalNeon({ dataDir })).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_UNUSABLE',
      message: expect.stringMatching(/settings\.json cannot be read \(EISDIR/),
    });
    await rmdir(join(dataDir, 'settings.json'));
  });

  test('when it exists and cannot be read', async () => {
    const version = await takeAway('postgres/PG_VERSION');
    await mkdir(version);
    await expect(startLocalNeon({ dataDir })).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_UNUSABLE',
      message: expect.stringMatching(/ cannot be used \(EISDIR.*Nothing was changed/),
    });
    await rmdir(version);
  });

  test('when its postgres folder contains other files', async () => {
    const { dataDir: other, remove } = await createDataFolder();
    onTestFinished(() => remove());
    await mkdir(join(other, 'postgres'), { recursive: true });
    await writeFile(join(other, 'postgres', 'precious.txt'), 'mine');
    await expect(startLocalNeon({ dataDir: other })).rejects.toMatchObject({ code: 'DATA_DIRECTORY_UNUSABLE' });
    expect(await readFile(join(other, 'postgres', 'precious.txt'), 'utf8')).toBe('mine');
  });

  test('when its path is not a folder', async () => {
    const file = join(dataDir, 'settings.json');
    const settings = await readFile(file, 'utf8');
    await expect(startLocalNeon({ dataDir: file })).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_UNUSABLE',
      message: expect.stringMatching(
        /^The data directory \/.*settings.json cannot be used: EEXIST.*use another data directory/,
      ),
    });
    expect(await readFile(file, 'utf8')).toBe(settings);
  });

  test.runIf(process.platform === 'linux')('when it cannot be created', async () => {
    await expect(startLocalNeon({ dataDir: '/proc/nowhere/data' })).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_UNUSABLE',
      message: expect.stringMatching(
        /^The data directory \/.* cannot be used: ENOENT.*'\/proc\/nowhere'.*use another data directory/,
      ),
    });
  });

  test.each([
    ['settings.json', '{"password":', 'DATA_DIRECTORY_UNUSABLE', 'settings.json is damaged'],
    ['settings.json', '{"password":"x"}', 'DATA_DIRECTORY_UNUSABLE', 'settings.json is damaged'],
    ['postgres/PG_VERSION', '', 'DATA_DIRECTORY_UNUSABLE', 'contains no PostgreSQL database. Nothing was changed'],
    ['postgres/global/pg_control', 'garbage', 'START_FAILED', 'pg_control'],
    ['postgres/postgresql.conf', 'garbage', 'START_FAILED', 'syntax error in file'],
    // PostgreSQL finds the damage after the gateway has opened.
    ['postgres/pg_xact/0000', '', 'START_FAILED', 'pg_xact'],
  ])('when %s is damaged', async (name, content, code, message) => {
    const file = join(dataDir, name);
    const whole = await readFile(file);
    onTestFinished(() => writeFile(file, whole));
    await writeFile(file, content);
    const refused = expect.objectContaining({ code, message: expect.stringContaining(message) });
    await expect(startLocalNeon({ dataDir })).rejects.toEqual(refused);
    expect(await readFile(file, 'utf8')).toBe(content);
    expect(process.getActiveResourcesInfo()).not.toContain('TCPServerWrap');
  });

  test('when PostgreSQL does not start on it, and the end of its log is shown', async () => {
    await takeAway('postgres/global/pg_control');
    await expect(startLocalNeon({ dataDir })).rejects.toMatchObject({
      code: 'START_FAILED',
      message: expect.stringContaining('could not find the database system'),
    });
  });

  test('and can be used again when it is repaired', async () => {
    const neon = await startLocalNeon({ dataDir });
    expect(await ask(neon.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    await neon.close();
  });
});

describe('a data directory is removed', () => {
  test('except files of others', async () => {
    const { dataDir: other, remove } = await createDataFolder();
    onTestFinished(() => remove());
    await mkdir(join(other, 'initdb-half'), { recursive: true });
    for (const name of ['settings.json', 'settings.json.next', 'notes.txt']) await writeFile(join(other, name), '');
    await removeLocalNeon(other);
    expect(await readdir(other)).toEqual(['notes.txt']);
  });

  test('only when no server runs on it', async () => {
    const neon = await startLocalNeon({ dataDir });
    await expect(removeLocalNeon(dataDir)).rejects.toMatchObject({ code: 'DATA_DIRECTORY_IN_USE' });
    expect(await ask(neon.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    await neon.close();
  });

  test('except the target of a user’s own link', async () => {
    const { folder, dataDir: other, remove } = await createDataFolder();
    onTestFinished(() => remove());
    await mkdir(other);
    await mkdir(join(folder, 'theirs', 'postgres'), { recursive: true });
    await symlink(join(folder, 'theirs', 'postgres'), join(other, 'postgres'));
    await removeLocalNeon(other);
    expect(await readdir(folder, { recursive: true })).toEqual(['theirs', join('theirs', 'postgres')]);
  });

  test('together with its root-owned directory', async () => {
    const postgres = (await realPostgres(dataDir)) ?? '';
    expect(await readdir(postgres)).toContain('PG_VERSION');
    await removeLocalNeon(dataDir);
    for (const folder of [dirname(postgres), dataDir]) await expect(access(folder)).rejects.toThrow('ENOENT');
  });
});
