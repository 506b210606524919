import { execFile, spawn } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { beforeAll, expect, onTestFinished, test } from 'vitest';

import { startLocalNeon } from '../src/index.ts';
import { removeStaleLock } from '../src/postgres/data-lock.ts';
import { serverUser } from '../src/postgres/server-user.ts';
import { ask } from './connect.ts';
import { createDataFolder } from './data-folder.ts';
import { CLI, startProgram, urlIn } from './program.ts';

let dataDir: string;
beforeAll(async () => {
  const created = await createDataFolder();
  ({ dataDir } = created);
  return () => created.remove();
});

/** Like a container: separate pids and shared memory. */
const CONTAINER = ['unshare', '--fork', '--pid', '--mount-proc', '--ipc', '--kill-child'] as const;

async function mayContain(): Promise<boolean> {
  const [file, ...args] = CONTAINER;
  return promisify(execFile)(file, [...args, 'true']).then(
    () => true,
    () => false,
  );
}

const canContain = await mayContain();

test.skipIf(!canContain)('a start in a container waits for a server outside of it (needs root on Linux)', async () => {
  const outside = await startLocalNeon({ dataDir, isJoinable: false });
  const temporary = await mkdtemp(join(tmpdir(), 'inside-'));
  onTestFinished(() => rm(temporary, { recursive: true }));
  await chmod(temporary, 0o1777);
  const inside = startProgram([...CONTAINER, process.execPath, CLI, '--data', dataDir], {
    env: { PATH: process.env.PATH, TMPDIR: temporary },
  });
  let hasStarted = false;
  void inside.firstLine.then(() => (hasStarted = true));

  // Each attempt makes a folder of a run there.
  const attempts = new Set<string>();
  const readAttempts = async (): Promise<number> => {
    for (const name of await readdir(temporary)) attempts.add(name);
    return hasStarted ? Infinity : attempts.size;
  };
  await expect.poll(readAttempts, { interval: 1 }).toBeGreaterThan(2);
  await ask(outside.url, 'create table outside as select 42 as n');
  await outside.close();
  expect(await ask(urlIn(await inside.firstLine), 'select n from outside')).toEqual([{ n: 42 }]);
});

test('the error names the process of the running server', async () => {
  const neon = await startLocalNeon({ dataDir });
  onTestFinished(() => neon.close());
  const postgres = await realpath(join(dataDir, 'postgres'));
  const [pid = ''] = (await readFile(join(postgres, 'postmaster.pid'), 'utf8')).split('\n');
  const folder = await mkdtemp(join(tmpdir(), 'lock-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await expect(removeStaleLock({ folder: dataDir, postgres }, { folder })).rejects.toMatchObject({
    code: 'DATA_DIRECTORY_IN_USE',
    message: expect.stringMatching(
      new RegExp(`^Another PostgreSQL runs on ${dataDir} \\(process ${pid}\\)\\. .* Stop that PostgreSQL`),
    ),
  });
});

test('the lock of a killed server is removed, also when another process has its pid now', async () => {
  const killed = await startLocalNeon({ dataDir });
  await ask(killed.url, 'create table kept as select 42 as n');
  const postgres = join(dataDir, 'postgres');
  const [pid = ''] = (await readFile(join(postgres, 'postmaster.pid'), 'utf8')).split('\n');
  process.kill(Number(pid), 'SIGKILL');
  await killed.close();

  const other = spawn('sleep', ['600'], { ...serverUser(), stdio: 'ignore' });
  onTestFinished(() => void other.kill());
  for (const name of ['postmaster.pid', '.s.PGSQL.5432.lock']) {
    const file = join(postgres, name);
    await writeFile(file, (await readFile(file, 'utf8')).replace(pid, String(other.pid)));
  }
  const again = await startLocalNeon({ dataDir });
  expect(await ask(again.url, 'select n from kept')).toEqual([{ n: 42 }]);
  await again.close();
});
