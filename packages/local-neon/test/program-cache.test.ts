/** The cache of PostgreSQL's programs: no other user may replace them. */
import { chmod, chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import {
  asUser,
  canMount,
  canRunAsOther,
  codeAs,
  createFolder,
  DAEMON,
  MOUNT,
  NOBODY,
  ownerAndMode,
  SERVE,
  SERVED,
} from './other-users.ts';
import { CLI, type Program, startProgram } from './program.ts';

describe.runIf(canMount)('root’s cache of programs (needs root on Linux)', () => {
  /** Replaces /var/cache, so that the real one is not touched. */
  let cache: string;
  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), 'cache-'));
    await chmod(cache, 0o755);
    return () => rm(cache, { recursive: true });
  });

  const start = (remount = 'true'): Program['exited'] => {
    const mount = `mount --bind "$0" /var/cache && ${remount} && exec "$@"`;
    return startProgram([...MOUNT, mount, cache, process.execPath, CLI, 'run', ...SERVE]).exited;
  };

  test('is used when it belongs to root', async () => {
    expect(await start()).toEqual(SERVED);
    expect(await ownerAndMode(join(cache, 'local-neon'))).toBe('0 755');
  });

  test('is refused on a noexec file system, with the reason', async () => {
    const { code, stderr } = await start('mount -o remount,noexec,bind /var/cache');
    expect([code, stderr]).toEqual([1, expect.stringMatching(/\/var\/cache\/local-neon\/.* noexec.*--bin-dir/)]);
    expect(stderr).not.toContain('free space');
  });

  test.each([
    ['belongs to another user', (folder: string) => chown(folder, DAEMON, DAEMON), `belongs to user ${DAEMON}`],
    ['is writable for other users', (folder: string) => chmod(folder, 0o777), 'is writable for other users'],
  ])('is refused when it %s', async (_, spoil, why) => {
    const folder = join(cache, 'local-neon');
    await spoil(folder);
    onTestFinished(async () => {
      await chown(folder, 0, 0);
      await chmod(folder, 0o755);
    });
    const { code, stderr } = await start();
    expect([code, stderr]).toEqual([1, expect.stringMatching(`/var/cache/local-neon ${why}`)]);
  });
});

describe.runIf(canRunAsOther)('the cache of an ordinary user (needs root, and a checkout open to others)', () => {
  const moduleUrl = new URL('../dist/postgres/cache-folder.js', import.meta.url).href;
  const open = `import(process.argv[1]).then(({ openCacheFolder }) => console.log(openCacheFolder()))
    .catch((error) => { console.log(error.message); process.exitCode = 1; })`;
  /** A uid without a name, as some platforms give to a container. */
  const UNKNOWN = 1_234_567;
  const openAs = async (env: NodeJS.ProcessEnv): Promise<[code: number | null, said: string]> => {
    const command = [...asUser(UNKNOWN), process.execPath, '-e', open, moduleUrl];
    const { code, stdout } = await startProgram(command, { env: { PATH: process.env.PATH, ...env } }).exited;
    return [code, stdout.trim()];
  };

  test('is in XDG_CACHE_HOME, else in HOME, else in TMPDIR', async () => {
    const temporary = await createFolder(0o1777);
    const own = join(temporary, 'own');
    await mkdir(own);
    await chown(own, UNKNOWN, UNKNOWN);
    const [xdg, home] = [join(own, 'xdg'), join(own, 'home')];
    const all = { XDG_CACHE_HOME: xdg, HOME: home, TMPDIR: temporary };
    expect(await openAs(all)).toEqual([0, join(xdg, 'local-neon')]);
    expect(await openAs({ ...all, XDG_CACHE_HOME: 'relative' })).toEqual([0, join(home, '.cache', 'local-neon')]);
    const inTemporary = join(temporary, `local-neon-cache-${UNKNOWN}`);
    for (const HOME of ['/', '']) expect(await openAs({ HOME, TMPDIR: temporary })).toEqual([0, inTemporary]);
    expect(await openAs({ TMPDIR: temporary })).toEqual([0, inTemporary]);
    expect(await ownerAndMode(inTemporary)).toBe(`${UNKNOWN} 700`);
  });

  test('is refused when another user created it first', async () => {
    const temporary = await createFolder(0o1777);
    const folder = join(temporary, `local-neon-cache-${UNKNOWN}`);
    expect(await codeAs(NOBODY, 'mkdir -m 777 "$1"', folder)).toBe(0);
    expect(await openAs({ HOME: '/', TMPDIR: temporary })).toEqual([
      1,
      expect.stringMatching(`${folder} belongs to user ${NOBODY}, .*--bin-dir`),
    ]);
  });
});
