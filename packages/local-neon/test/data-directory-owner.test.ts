/** Attacks by another user who may write in a data directory. */
import { execFile, spawn } from 'node:child_process';
import { chmod, chown, lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';

import { findLocalNeon, removeLocalNeon, startLocalNeon } from '../src/index.ts';
import { asUser, canMount, canRunAsOther, createFolder, DAEMON, isRoot, NOBODY, SERVE, SERVED } from './other-users.ts';
import { CLI, startCli, startProgram } from './program.ts';

describe.runIf(isRoot)('a data directory that belongs to another user is refused (needs root)', () => {
  let dataDir: string;
  let victim: string;
  beforeEach(async () => {
    const folder = await createFolder();
    [dataDir, victim] = [join(folder, 'data'), join(folder, 'victim')];
    await writeFile(victim, 'mine', { mode: 0o600 });
    await mkdir(dataDir);
    for (const name of ['server.json.next', 'postgres.log']) await symlink(victim, join(dataDir, name));
    await chown(dataDir, DAEMON, DAEMON);
    await chmod(dataDir, 0o777);
  });

  const refused = (): unknown =>
    expect.objectContaining({
      code: 'DATA_DIRECTORY_UNUSABLE',
      message: expect.stringContaining(`${dataDir} belongs to user ${DAEMON}, and this is user 0`),
    });

  test('by start, find and remove, which change nothing in it', async () => {
    const before = await readdir(dataDir);
    await expect(startLocalNeon({ dataDir })).rejects.toEqual(refused());
    await expect(findLocalNeon(dataDir)).rejects.toEqual(refused());
    await expect(removeLocalNeon(dataDir)).rejects.toEqual(refused());
    expect([await readdir(dataDir), await readFile(victim, 'utf8')]).toEqual([before, 'mine']);
  });

  test.runIf(canMount)('by every command, although its server.json names a running process (needs Linux)', async () => {
    // The process that `stop` would end.
    const sleeper = spawn('sleep', ['60']);
    onTestFinished(() => void sleeper.kill());
    const fields = (await readFile(`/proc/${sleeper.pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ');
    const listener = await startLocalNeon();
    onTestFinished(() => listener.close());
    const port = Number(new URL(listener.url).port);
    const inode = String((await lstat(dataDir)).ino);
    const note = { pid: sleeper.pid, started: fields[19], port, url: 'postgresql://theirs', inode };
    await writeFile(join(dataDir, 'server.json'), JSON.stringify(note));
    const data = ['--data', dataDir];
    for (const words of [['url'], ['status'], ['stop'], ['branches', 'list'], ['start']]) {
      const { code, stdout, stderr } = await startCli([...words, ...data]).exited;
      expect([words, code, stdout, stderr]).toEqual([words, 1, '', expect.stringContaining('belongs to user 1')]);
    }
    expect(await startCli(['run', ...data, '--', 'true']).exited).toMatchObject({ code: 1, stdout: '' });
    expect(sleeper.exitCode ?? sleeper.signalCode).toBeNull();
  });
});

describe('a data directory', () => {
  test.each([0o777, 0o707, 0o1777])('in which other users may write is refused (mode %o)', async (mode) => {
    const dataDir = await createFolder(mode);
    await expect(startLocalNeon({ dataDir })).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_UNUSABLE',
      message: expect.stringMatching(/is writable for other users than its owner \(mode 1?7[07]7\): .*chmod go-w/),
    });
    expect(await readdir(dataDir)).toEqual([]);
  });

  test.runIf(isRoot)('of root in which a group may write is refused (needs root)', async () => {
    const dataDir = await createFolder(0o770);
    await expect(startLocalNeon({ dataDir })).rejects.toMatchObject({ code: 'DATA_DIRECTORY_UNUSABLE' });
    expect(await readdir(dataDir)).toEqual([]);
  });

  test.runIf(canRunAsOther)(
    'in which the private group of its owner may write is fine (needs root, and a checkout open to others)',
    async () => {
      const folder = await createFolder(0o1777);
      const dataDir = join(folder, 'data');
      await mkdir(dataDir);
      await chown(dataDir, NOBODY, NOBODY);
      await chmod(dataDir, 0o775);
      const command = [...asUser(NOBODY), process.execPath, CLI, 'run', '--data', dataDir, ...SERVE];
      expect(await startProgram(command, { env: { PATH: process.env.PATH, HOME: folder } }).exited).toEqual(SERVED);
    },
  );

  test('that other users may read still has private files', async () => {
    const dataDir = await createFolder(0o755);
    onTestFinished(() => removeLocalNeon(dataDir));
    const neon = await startLocalNeon({ dataDir });
    for (const name of ['settings.json', 'server.json', 'postgres.log']) {
      expect([name, (await lstat(join(dataDir, name))).mode & 0o777]).toEqual([name, 0o600]);
    }
    await neon.close();
  });

  test('whose log is a link is refused, and a server.json that is a link is replaced', async () => {
    const folder = await createFolder();
    const [dataDir, victim] = [join(folder, 'data'), join(folder, 'victim')];
    await writeFile(victim, 'mine');
    await mkdir(dataDir, { mode: 0o700 });
    onTestFinished(() => removeLocalNeon(dataDir));
    await symlink(victim, join(dataDir, 'postgres.log'));
    await expect(startLocalNeon({ dataDir })).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_UNUSABLE',
      message: expect.stringMatching(/postgres\.log is a link/),
    });
    await rm(join(dataDir, 'postgres.log'));
    await symlink(victim, join(dataDir, 'server.json.next'));
    const neon = await startLocalNeon({ dataDir });
    expect((await lstat(join(dataDir, 'server.json'))).isFile()).toBe(true);
    await neon.close();
    expect(await readFile(victim, 'utf8')).toBe('mine');
  });

  test.runIf(isRoot)('behind a link that another user created is refused (needs root)', async () => {
    const folder = await createFolder();
    const [dataDir, target] = [join(folder, 'data'), join(folder, 'target')];
    await mkdir(target, { mode: 0o700 });
    await symlink(target, dataDir);
    await promisify(execFile)('chown', ['-h', '1:1', dataDir]);
    await expect(startLocalNeon({ dataDir })).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_UNUSABLE',
      message: expect.stringContaining(`${dataDir} is a link of user ${DAEMON}`),
    });
    expect(await readdir(target)).toEqual([]);
  });

  test.runIf(isRoot)(
    'of root that contains databases of another user names an owner that can use them (needs root)',
    async () => {
      const dataDir = await createFolder();
      const postgres = join(dataDir, 'postgres');
      await mkdir(postgres);
      await writeFile(join(postgres, 'PG_VERSION'), '18');
      await writeFile(join(dataDir, 'settings.json'), '{"password":"x","superuserPassword":"y"}');
      // User 0 as after a `chown -R root`: PostgreSQL refuses to run as root.
      for (const uid of [0, DAEMON]) {
        await chown(postgres, uid, uid);
        await expect(startLocalNeon({ dataDir })).rejects.toMatchObject({
          code: 'DATA_DIRECTORY_UNUSABLE',
          message: expect.stringMatching(
            new RegExp(
              `belong to user ${uid}, .* make an ordinary user the owner of ${dataDir} \\(chown -R\\), and start`,
            ),
          ),
        });
      }
    },
  );

  test.runIf(canRunAsOther)(
    'of root is refused to an ordinary user (needs root, and a checkout open to others)',
    async () => {
      const folder = await createFolder(0o1777);
      for (const mode of [0o755, 0o777]) {
        const dataDir = join(folder, `mode ${mode}`);
        await mkdir(dataDir);
        await chmod(dataDir, mode);
        const env = { PATH: process.env.PATH, HOME: folder };
        const command = [...asUser(NOBODY), process.execPath, CLI, '--data', dataDir];
        const { code, stderr } = await startProgram(command, { env }).exited;
        expect([code, stderr]).toEqual([1, expect.stringContaining(`belongs to user 0, and this is user ${NOBODY}`)]);
        expect(await readdir(dataDir)).toEqual([]);
      }
    },
  );
});
