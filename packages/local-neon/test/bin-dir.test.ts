import { access, chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, onTestFinished, test } from 'vitest';

import { startLocalNeon } from '../src/index.ts';
import { ask } from './connect.ts';
import { createDataFolder } from './data-folder.ts';
import { startCli, urlIn } from './program.ts';

/** Debian's folder of the oldest supported version. */
const OLDEST = '/usr/lib/postgresql/15/bin';
const hasOldest = await access(OLDEST).then(
  () => true,
  () => false,
);

describe.skipIf(!hasOldest)(`the programs of another PostgreSQL (needs ${OLDEST})`, () => {
  test('serve instead of the packaged ones, sort by code point and know the case of every letter', async () => {
    const program = startCli(['--bin-dir', OLDEST]);
    const rows = await ask(
      urlIn(await program.firstLine),
      `select split_part(version(), '.', 1) as version, 'Z' < 'a' and 'z' < 'ä' as ordered, upper('ä') as upper`,
    );
    expect(rows).toEqual([{ version: 'PostgreSQL 15', ordered: true, upper: 'Ä' }]);
    program.child.kill('SIGINT');
    expect(await program.exited).toMatchObject({ code: 0 });
  });

  test('keep a data directory, which the packaged ones then refuse unchanged, with the remedy', async () => {
    const { dataDir, remove } = await createDataFolder();
    onTestFinished(() => remove());
    const old = await startLocalNeon({ dataDir, binDir: OLDEST });
    await ask(old.url, 'create table kept as select 42 as n');
    await old.close();
    await expect(startLocalNeon({ dataDir })).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_UNUSABLE',
      message: expect.stringMatching(
        /PostgreSQL 15, and this is PostgreSQL 18.*--bin-dir.*pg_dump. Nothing was changed/s,
      ),
    });
    const again = await startLocalNeon({ dataDir, binDir: OLDEST });
    expect(await ask(again.url, 'select n from kept')).toEqual([{ n: 42 }]);
    await again.close();
  });
});

describe('a bin folder is refused', () => {
  test('when its PostgreSQL is too old', async () => {
    const binDir = await folderWith('echo "postgres (PostgreSQL) 14.2"');
    await expect(startLocalNeon({ binDir })).rejects.toMatchObject({
      code: 'PROGRAMS_UNUSABLE',
      message: expect.stringContaining(
        'they are of PostgreSQL 14. Set --bin-dir (binDir) to the bin folder of a PostgreSQL 15 or later',
      ),
    });
  });

  test('when its postgres is another program', async () => {
    const binDir = await folderWith('echo hello');
    await expect(startLocalNeon({ binDir })).rejects.toMatchObject({ code: 'PROGRAMS_UNUSABLE' });
  });

  test('when it does not exist, also on the command line', async () => {
    const { code, stderr } = await startCli(['--bin-dir', '/nowhere']).exited;
    expect([code, stderr]).toEqual([1, expect.stringContaining('The programs in /nowhere cannot be used')]);
  });

  test('before a data directory is created', async () => {
    const { folder, dataDir, remove } = await createDataFolder();
    onTestFinished(() => remove());
    const start = startLocalNeon({ dataDir, binDir: '/nowhere' });
    await expect(start).rejects.toMatchObject({ code: 'PROGRAMS_UNUSABLE' });
    expect(await readdir(folder)).toEqual([]);
  });
});

async function folderWith(postgres: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bin-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await chmod(folder, 0o755);
  await writeFile(join(folder, 'postgres'), `#!/bin/sh\n${postgres}\n`);
  await writeFile(join(folder, 'initdb'), '');
  for (const name of ['postgres', 'initdb']) await chmod(join(folder, name), 0o755);
  return folder;
}
