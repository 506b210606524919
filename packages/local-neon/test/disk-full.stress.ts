import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { startLocalNeon } from '../src/index.ts';
import { ask } from './connect.ts';
import { createDataFolder, realPostgres } from './data-folder.ts';
import { startCli } from './program.ts';

const run = promisify(execFile);

/** A small disk in memory. */
async function mountDisk(megabytes: number): Promise<{ disk: string; unmount: () => Promise<void> }> {
  const disk = await mkdtemp(join(tmpdir(), 'disk-'));
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=1777`, 'tmpfs', disk]);
  return {
    disk,
    unmount: async () => {
      await run('umount', ['--lazy', disk]);
      await rm(disk, { recursive: true });
    },
  };
}

async function mayMount(): Promise<boolean> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  return mountDisk(1).then(
    async ({ unmount }) => (await unmount(), true),
    () => false,
  );
}

const canMount = await mayMount();

describe.skipIf(!canMount)('a full disk (needs root on Linux, to mount a small one)', () => {
  let disk: string;
  beforeAll(async () => {
    const mounted = await mountDisk(160);
    ({ disk } = mounted);
    return () => mounted.unmount();
  });

  test('fails a first start with one clear error and no files left', async () => {
    const small = await mountDisk(25);
    onTestFinished(() => small.unmount());
    const { code, stdout, stderr } = await startCli([], { env: { PATH: process.env.PATH, TMPDIR: small.disk } }).exited;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^local-neon: PostgreSQL could not create a database .*No space left on device.*free space of the disk/s,
    );
    await expect.poll(() => readdir(small.disk)).toEqual([]);
  });

  test('loses no committed row, and the server starts when the disk has free space again', async () => {
    const { dataDir, remove } = await createDataFolder();
    onTestFinished(() => remove());
    const ballast = join(disk, 'ballast');
    await writeFile(ballast, Buffer.alloc(40 * 1024 * 1024));
    await moveToDisk(dataDir, disk);

    const neon = await startLocalNeon({ dataDir });
    await ask(neon.url, 'create table kept (n serial, filling text)');
    let committed = 0;
    const insert = `insert into kept (filling)
      select string_agg(md5(random()::text), '') from generate_series(1, 100000)`;
    const failure = await (async (): Promise<unknown> => {
      for (; committed < 100; committed += 1) await ask(neon.url, insert);
      return undefined;
    })().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(committed).toBeGreaterThan(0);
    await neon.close();

    // PostgreSQL needs some room to recover from its write-ahead log, and may find it.
    const start = startLocalNeon({ dataDir }).then((inBetween) => inBetween.close());
    expect(await start.catch((error: unknown) => String(error))).toSatisfy(
      (outcome) => outcome === undefined || String(outcome).includes('No space left on device'),
    );

    await rm(ballast);
    const again = await startLocalNeon({ dataDir });
    const [row] = await ask(again.url, 'select count(*)::int as rows from kept');
    expect(row?.rows).toBeGreaterThanOrEqual(committed);
    await again.close();
  });
});

/** A data directory whose PostgreSQL files lie behind a link, as root's always do. */
async function moveToDisk(dataDir: string, disk: string): Promise<void> {
  await (await startLocalNeon({ dataDir })).close();
  const postgres = (await realPostgres(dataDir)) ?? '';
  const home = join(disk, 'home');
  await run('mkdir', ['-m', '755', home]);
  await run('cp', ['-a', postgres, home]);
  await rm(join(postgres, '..'), { recursive: true });
  await rm(join(dataDir, 'postgres'));
  await symlink(join(home, 'postgres'), join(dataDir, 'postgres'));
}
