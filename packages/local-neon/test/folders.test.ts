import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';

import { startLocalNeon } from '../src/index.ts';
import { temporaryDataFolder, temporaryFolder } from '../src/postgres/folders.ts';
import { ask } from './connect.ts';

/** The default, which is also the fallback. */
const USUAL = '/tmp';

afterEach(() => {
  vi.unstubAllEnvs();
});

async function createFolder(mode: number): Promise<string> {
  const folder = await mkdtemp(join(USUAL, 'folders-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await chmod(folder, mode);
  return folder;
}

describe('the folder of a run is created in TMPDIR', () => {
  test('and so is the data directory', async () => {
    const folder = await createFolder(0o1777);
    vi.stubEnv('TMPDIR', folder);
    expect([temporaryFolder(), temporaryDataFolder()]).toEqual([folder, folder]);
  });

  test('unless the path of its socket would be too long', async () => {
    const folder = join(await createFolder(0o1777), 'x'.repeat(60));
    await mkdir(folder);
    await chmod(folder, 0o1777);
    vi.stubEnv('TMPDIR', folder);
    expect(temporaryFolder()).toBe(USUAL);
  });

  test.each(['/nowhere', '.', ''])('unless TMPDIR is not an existing absolute path (%j)', async (name) => {
    vi.stubEnv('TMPDIR', name);
    expect(temporaryFolder()).toBe(USUAL);
  });

  test.each([',', '\n'])('unless PostgreSQL or the guard would misread it (%j)', async (character) => {
    const folder = join(await createFolder(0o1777), `a${character}b`);
    await mkdir(folder);
    await chmod(folder, 0o1777);
    vi.stubEnv('TMPDIR', folder);
    expect(temporaryFolder()).toBe(USUAL);
  });

  test.each([0o777, 0o707])('unless other users may remove our files in it (%o)', async (mode) => {
    vi.stubEnv('TMPDIR', await createFolder(mode));
    expect(temporaryFolder()).toBe(USUAL);
  });

  describe.runIf(process.getuid?.() === 0)('as root', () => {
    test('also where PostgreSQL’s user may not write', async () => {
      const folder = await createFolder(0o755);
      vi.stubEnv('TMPDIR', folder);
      expect(temporaryFolder()).toBe(folder);
      await using neon = await startLocalNeon();
      expect(await ask(neon.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    });

    test('unless the folder belongs to another user', async () => {
      const folder = await createFolder(0o755);
      await chown(folder, 1, 1);
      vi.stubEnv('TMPDIR', folder);
      expect(temporaryFolder()).toBe(USUAL);
    });

    test('unless PostgreSQL’s user may not enter it', async () => {
      const folder = join(await createFolder(0o700), 'open');
      await mkdir(folder);
      await chmod(folder, 0o1777);
      vi.stubEnv('TMPDIR', folder);
      expect(temporaryFolder()).toBe(USUAL);
    });
  });
});
