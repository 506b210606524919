/** Folders of root that PostgreSQL's user can reach: no folder is written by both users. */
import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, readlink, rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import {
  canMount,
  codeAs,
  createFolder,
  DAEMON,
  isRoot,
  MOUNT,
  NOBODY,
  ownerAndMode,
  SERVE,
  SERVED,
} from './other-users.ts';
import { CLI, type Program, startCli, startProgram } from './program.ts';

test.runIf(isRoot)(
  'PostgreSQL’s user owns only its own files of a temporary server, and all are removed (needs root)',
  async () => {
    const temporary = await createFolder(0o1777);
    const program = startCli([], { env: { PATH: process.env.PATH, TMPDIR: temporary } });
    await program.firstLine;
    const [run = ''] = await readdir(temporary);
    const folder = join(temporary, run);
    const names = await readdir(folder);
    const owners = await Promise.all(names.map(async (name) => [name, await ownerAndMode(join(folder, name))]));
    expect([await ownerAndMode(folder), Object.fromEntries(owners)]).toEqual([
      '0 711',
      { 'settings.json': '0 600', postgres: `${NOBODY} 700`, s: `${NOBODY} 700` },
    ]);
    expect(await codeAs(NOBODY, 'mv "$1/postgres" "$1/other" || ln -s / "$1/link" || rm -r "$1"', folder)).not.toBe(0);
    program.child.kill('SIGKILL');
    await expect.poll(() => readdir(temporary)).toEqual([]);
  },
);

function keep(reason: string): string {
  return ` Do not remove the folder: ${reason}\\.`;
}

describe.runIf(canMount)('root’s data directories (needs root on Linux)', () => {
  /** Replaces /var/lib, so that the real one is not touched. Each test restores its changes. */
  let lib: string;
  let state: string;
  let dataDir: string;
  let victim: string;
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'root-folders-'));
    await chmod(folder, 0o755);
    [lib, victim] = [join(folder, 'lib'), join(folder, 'victim')];
    [state, dataDir] = [join(lib, 'local-neon'), join(folder, 'project', '.local-neon')];
    for (const made of [lib, victim, dirname(dataDir)]) await mkdir(made);
    await chmod(victim, 0o700);
    const [shell = '', ...args] = command();
    await promisify(execFile)(shell, args);
    return () => rm(folder, { recursive: true });
  });

  const command = (mount = 'mount --bind "$0" /var/lib', data = dataDir): string[] => {
    const mounted = [...MOUNT, `${mount} && exec "$@"`, lib, process.execPath, CLI];
    return [...mounted, 'run', '--data', data, ...SERVE];
  };
  const start = (...where: Parameters<typeof command>): Program['exited'] => startProgram(command(...where)).exited;
  const homeOf = async (): Promise<string> => join(state, basename(dirname(await readlink(join(dataDir, 'postgres')))));
  const refusal = (path: string, why: string, remedy: string): unknown => ({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(
      new RegExp(`/var/lib/local-neon${path.slice(state.length)} ${why}.* Another user could have .*${remedy}\\n$`),
    ),
  });
  const REPLACE_LINK = 'replace it with the folder to which it points.*restore the folder from a backup\\.';
  const RESTORE_OWNER = 'chown root:root and chmod go-w, without -R.*restore the folder from a backup\\.';
  const startEmpty = (): string => ` To start with an empty database instead, move ${dataDir} away\\.`;
  /** Replaces a path by a link to the victim until the end of the test. */
  const replace = async (path: string): Promise<void> => {
    await rename(path, `${path}.aside`);
    await symlink(victim, path);
    onTestFinished(async () => {
      await rm(path);
      await rename(`${path}.aside`, path);
    });
  };
  const untouched = async (): Promise<void> =>
    expect([await ownerAndMode(victim), await readdir(victim)]).toEqual(['0 700', []]);

  test('belong to root, and PostgreSQL’s own files to the user that it runs as', async () => {
    const home = await homeOf();
    const paths = [state, home, join(home, 'data-directory'), join(home, 'postgres')];
    expect(await Promise.all(paths.map(ownerAndMode))).toEqual(['0 711', '0 711', '0 600', `${NOBODY} 700`]);
    expect((await readdir(home)).toSorted()).toEqual(['data-directory', 'postgres']);
    const plant = `mv "$1" "$1.aside" || ln -s "$2" "$1.link" || mv "$1/postgres" "$1/aside" || ln -s "$2" "$1/password"`;
    expect(await codeAs(NOBODY, plant, home, victim)).not.toBe(0);
    expect(await start()).toEqual(SERVED);
  });

  test('are refused by name when a root-owned directory is a link, whose target stays unchanged', async () => {
    const home = await homeOf();
    await replace(home);
    expect(await start()).toEqual(
      refusal(
        home,
        'is a link',
        REPLACE_LINK + keep(`${dataDir}/postgres is a link to the databases in it`) + startEmpty(),
      ),
    );
    await untouched();
  });

  test('are refused by name when postgres in a root-owned directory is a link', async () => {
    const path = join(await homeOf(), 'postgres');
    await replace(path);
    expect(await start()).toEqual(refusal(path, 'is a link', REPLACE_LINK + startEmpty()));
    await untouched();
  });

  test('are refused by name when the file with their path is a link, and start when it is removed', async () => {
    const path = join(await homeOf(), 'data-directory');
    await replace(path);
    expect(await start()).toEqual(refusal(path, 'is a link', 'remove this file: the next start writes it again\\.'));
    await untouched();
    await rm(path);
    expect(await start()).toEqual(SERVED);
    expect(await readFile(path, 'utf8')).toBe(dataDir);
  });

  test('start with an empty database when a refused one is moved away, and keep the old databases', async () => {
    const home = await homeOf();
    await chown(home, DAEMON, DAEMON);
    await rename(dataDir, `${dataDir}.away`);
    expect(await start()).toEqual(SERVED);
    expect(await homeOf()).not.toBe(home);
    await rm(await homeOf(), { recursive: true });
    await rm(dataDir, { recursive: true });
    await rename(`${dataDir}.away`, dataDir);
    await chown(home, 0, 0);
    expect(await start()).toEqual(SERVED);
    expect(await homeOf()).toBe(home);
  });

  test('are refused by name when a root-owned directory belongs to another user, or other users may write in it', async () => {
    const home = await homeOf();
    onTestFinished(() => chmod(home, 0o711));
    const remedy = RESTORE_OWNER + keep(`${dataDir}/postgres is a link to the databases in it`) + startEmpty();
    for (const uid of [DAEMON, NOBODY]) {
      await chown(home, uid, uid);
      expect(await start()).toEqual(refusal(home, `belongs to user ${uid}`, remedy));
    }
    await chown(home, 0, 0);
    await chmod(home, 0o777);
    expect(await start()).toEqual(refusal(home, 'is writable for other users', remedy));
  });

  test('are refused by name when the parent of root-owned directories is a link or belongs to another user', async () => {
    const keepAll = keep('it contains the databases of all data directories of root');
    for (const uid of [DAEMON, NOBODY]) {
      await chown(state, uid, uid);
      expect(await start()).toEqual(refusal(state, `belongs to user ${uid}`, RESTORE_OWNER + keepAll));
    }
    await chown(state, 0, 0);
    await replace(state);
    expect(await start()).toEqual(refusal(state, 'is a link', REPLACE_LINK + keepAll));
    await untouched();
  });

  test('whose link points out of the parent of root-owned directories are refused', async () => {
    const other = join(dirname(dataDir), 'other');
    await mkdir(other, { mode: 0o700 });
    await symlink('/var/lib/local-neon/../postgres', join(other, 'postgres'));
    expect(await start(undefined, other)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        'is a link to /var/lib/local-neon/../postgres, which contains no PostgreSQL database',
      ),
    });
    expect(await readdir(lib)).toEqual(['local-neon']);
  });

  test('that cannot be created are named in the error, without the advice to move the data directory', async () => {
    const readOnly = 'mount --bind "$0" /var/lib && mount -o remount,ro,bind /var/lib';
    const { code, stderr } = await start(readOnly, join(dirname(dataDir), 'other'));
    expect([code, stderr]).toEqual([1, expect.stringMatching(/read-only file system.*Make \/var\/lib writable/)]);
    expect(stderr).not.toContain('Move ');
  });
});
