import { once } from 'node:events';
import { access, chmod, mkdtemp, readdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { findLocalNeon, startLocalNeon } from '../src/index.ts';
import { readProcess } from '../src/processes/process-info.ts';
import { ask, connectHttp, connectTcp } from './connect.ts';
import { createDataFolder, type DataFolder, realPostgres } from './data-folder.ts';
import { CLI, startCli, startProgram, urlIn } from './program.ts';

/** Shared by the tests of kept servers, one after the other. */
let kept: DataFolder;
let dataDir: string;
beforeAll(async () => {
  kept = await createDataFolder();
  ({ dataDir } = kept);
  return () => kept.remove();
});

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** PostgreSQL's pid, and the folder of the run, which is the parent of the socket's folder. */
async function runtimeOf(url: string): Promise<{ pid: number; runFolder: string }> {
  const connection = await connectTcp(url);
  const { rows } = await connection.query(`select pg_backend_pid() as pid`);
  const backend = await readProcess(Number(rows[0]?.pid));
  const server = backend && (await readProcess(backend.parent));
  await connection.close();
  const socketFolder = / unix_socket_directories=([^ ,]*)/.exec(server?.command ?? '')?.[1];
  if (!backend || !socketFolder) throw new Error('the server was not found among the processes');
  return { pid: backend.parent, runFolder: dirname(socketFolder) };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function endIfRunning(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

describe('a temporary server', () => {
  test('leaves no files after close, and may be closed twice', async () => {
    const neon = await startLocalNeon();
    const { pid, runFolder } = await runtimeOf(neon.url);
    expect(await exists(runFolder)).toBe(true);
    await neon.close();
    await neon.close();
    expect([isRunning(pid), await exists(runFolder)]).toEqual([false, false]);
  });

  test('leaves no files when its program is killed', async () => {
    const temporary = await createOpenFolder('tmp-');
    onTestFinished(() => rm(temporary, { recursive: true }));
    const program = startCli([], { env: { PATH: process.env.PATH, TMPDIR: temporary } });
    const { pid } = await runtimeOf(urlIn(await program.firstLine));
    expect(await readdir(temporary)).toEqual([expect.stringContaining('local-neon-')]);
    program.child.kill('SIGKILL');
    await program.exited;
    await expect.poll(() => isRunning(pid)).toBe(false);
    await expect.poll(() => readdir(temporary)).toEqual([]);
  });

  test('leaves no files when all its processes get SIGTERM at once, as from systemd', async () => {
    const temporary = await createOpenFolder('tmp-');
    onTestFinished(() => rm(temporary, { recursive: true }));
    const program = startCli([], { env: { PATH: process.env.PATH, TMPDIR: temporary } });
    const { pid } = await runtimeOf(urlIn(await program.firstLine));
    const guard = (await readProcess(pid))?.parent ?? 0;
    expect(guard).toBeGreaterThan(1);
    // The guard first: it ends the others, which may be gone before their own signal.
    process.kill(guard, 'SIGTERM');
    endIfRunning(pid);
    program.child.kill('SIGTERM');
    await program.exited;
    await expect.poll(() => isRunning(guard)).toBe(false);
    expect(isRunning(pid)).toBe(false);
    await expect.poll(() => readdir(temporary)).toEqual([]);
  });

  test('starts also when TMPDIR does not exist', async () => {
    const command = ['run', '--', process.execPath, '-p', '"served"'];
    const env = { PATH: process.env.PATH, TMPDIR: '/nowhere' };
    expect(await startCli(command, { env }).exited).toEqual({ code: 0, stdout: 'served\n', stderr: '' });
  });

  test('keeps its data in memory when enough is free', async ({ skip }) => {
    skip(!(await isPlentyInMemory()), 'no memory to spare');
    const { TMPDIR: _, ...env } = process.env;
    const program = startCli([], { env });
    const { runFolder } = await runtimeOf(urlIn(await program.firstLine));
    expect(dirname(runFolder)).toBe('/dev/shm');
    expect(await exists(join(runFolder, 'postgres', 'PG_VERSION'))).toBe(true);
    program.child.kill('SIGKILL');
    await expect.poll(() => exists(runFolder)).toBe(false);
  });
});

describe('killed while its data directory is created', () => {
  let programs: string;
  let temporary: string;
  beforeAll(async () => {
    [programs, temporary] = [await createOpenFolder('bin-'), await createOpenFolder('tmp-')];
    await writeProgram(join(programs, 'postgres'), 'echo "postgres (PostgreSQL) 18.0"');
    // Makes files until its output is closed.
    await writeProgram(
      join(programs, 'initdb'),
      `mkdir "$2"; touch ${join(programs, 'begun')}; while echo; do touch "$2/$((n += 1))"; sleep 0.01; done`,
    );
    return async () => {
      for (const folder of [programs, temporary]) await rm(folder, { recursive: true });
    };
  });

  test.each([
    ['temporary', 'SIGKILL', null],
    ['kept', 'SIGKILL', null],
    ['temporary', 'SIGINT', 130],
  ] as const)('a %s server leaves nothing (%s)', async (kind, signal, code) => {
    const { folder, dataDir: unfinished, remove } = await createDataFolder();
    onTestFinished(() => remove());
    const args = ['--bin-dir', programs, ...(kind === 'kept' ? ['--data', unfinished] : [])];
    const program = startCli(args, { env: { PATH: process.env.PATH, TMPDIR: temporary } });
    await expect.poll(() => exists(join(programs, 'begun')), { interval: 1 }).toBe(true);
    program.child.kill(signal);
    expect(await program.exited).toMatchObject({ code, stdout: '' });
    await expect.poll(() => readdir(temporary)).toEqual([]);
    const readLeft = async (): Promise<string[]> =>
      (await readdir(folder, { recursive: true })).filter(
        (name) => !/(postgres\.log|settings\.json|local-neon)$/.test(name),
      );
    await expect.poll(readLeft).toEqual([]);
    await expect.poll(readStateFolders).not.toContainEqual(expect.stringContaining(basename(folder)));
    await rm(join(programs, 'begun'));
  });
});

describe('a kept server', () => {
  test('is created once by two first starts at once', async () => {
    const [one, two] = await Promise.all([startLocalNeon({ dataDir }), startLocalNeon({ dataDir })]);
    expect(one.url).toBe(two.url);
    await one.close();
    await two.close();
  });

  test('has its rows and its URL again at the next start, or another port when the old one is taken', async () => {
    const first = await startLocalNeon({ dataDir });
    await ask(first.url, `create table restarted as select 42 as n`);
    await first.close();
    const second = await startLocalNeon({ dataDir });
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, 'select n from restarted')).toEqual([{ n: 42 }]);
    const safe = `select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit')`;
    expect((await ask(second.url, safe)).map(({ setting }) => setting)).toEqual(['on', 'on', 'on']);
    await second.close();
    expect(await readFile(join(dataDir, 'postgres.log'), 'utf8')).not.toContain('not properly shut down');

    const other = createServer().listen({ host: '127.0.0.1', port: 0 });
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    const file = join(dataDir, 'settings.json');
    const settings = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...settings, port }));
    const third = await startLocalNeon({ dataDir });
    expect(await ask(third.url, 'select n from restarted')).toEqual([{ n: 42 }]);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ ...settings, port: Number(new URL(third.url).port) });
    await third.close();
  });

  test('loses no committed row when its program is killed repeatedly during writes', async () => {
    let acknowledged = 0;
    for (let round = 0; round < 2; round += 1) {
      const program = startCli(['--data', dataDir]);
      const connection = await connectTcp(urlIn(await program.firstLine));
      await connection.query('create table if not exists written (n int)');
      const enough = acknowledged + 1 + Math.floor(Math.random() * 100);
      const write = async (): Promise<never> => {
        for (;;) {
          await connection.query('insert into written values ($1)', [acknowledged + 1]);
          acknowledged += 1;
          // The next insert is running when the signal comes.
          if (acknowledged === enough) program.child.kill('SIGKILL');
        }
      };
      await expect(write()).rejects.toBeInstanceOf(Error);
      await program.exited;
    }
    const again = await startLocalNeon({ dataDir });
    const [row] = await ask(again.url, 'select count(distinct n)::int as rows, max(n) as last from written');
    // A row that was committed and not acknowledged is written again in the next round.
    expect(row?.rows).toBe(row?.last);
    expect(row?.last).toBeGreaterThanOrEqual(acknowledged);
    await again.close();
  });

  test('is joined by a second start without a port, and outlives it', async () => {
    const owner = await startLocalNeon({ dataDir });
    const guest = await startLocalNeon({ dataDir });
    expect(guest.url).toBe(owner.url);
    expect(await findLocalNeon(dataDir)).toBe(owner.url);
    await guest.close();
    const elsewhere = Number(new URL(owner.url).port) + 1;
    await expect(startLocalNeon({ dataDir, port: elsewhere })).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_IN_USE',
      message: expect.stringContaining(`already serves ${dataDir}, on port ${new URL(owner.url).port}. Use that port`),
    });
    expect(await ask(owner.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    await owner.close();
    expect(await findLocalNeon(dataDir)).toBeUndefined();
  });

  test('that is not joinable makes a second start wait', async () => {
    const first = await startLocalNeon({ dataDir, isJoinable: false });
    expect(await findLocalNeon(dataDir)).toBeUndefined();
    const waiting = startLocalNeon({ dataDir });
    await ask(first.url, `create table before as select 1 as n`);
    await first.close();
    const second = await waiting;
    expect(await ask(second.url, 'select n from before')).toEqual([{ n: 1 }]);
    await second.close();
  });

  test('does not remove the server.json of its successor', async () => {
    const neon = await startLocalNeon({ dataDir });
    const file = join(dataDir, 'server.json');
    const note = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...note, pid: process.ppid }));
    await neon.close();
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ ...note, pid: process.ppid });
    await rm(file);
  });

  test('starts again after PostgreSQL was killed and its last session has ended', async () => {
    const killed = await startLocalNeon({ dataDir });
    const { pid } = await runtimeOf(killed.url);
    const connection = await connectTcp(killed.url);
    const { rows } = await connection.query('select pg_backend_pid() as pid');
    const session = Number(rows[0]?.pid);
    process.kill(session, 'SIGSTOP');
    process.kill(pid, 'SIGKILL');
    await killed.close();
    const starting = startLocalNeon({ dataDir });
    const log = () => readFile(join(dataDir, 'postgres.log'), 'utf8');
    await expect.poll(log, { interval: 1 }).toContain('shared memory block');
    process.kill(session, 'SIGCONT');
    const again = await starting;
    expect(await ask(again.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    await again.close();
  });

  test('keeps its passwords in a private file, and stores them as SCRAM with one iteration, unlike other passwords', async () => {
    const neon = await startLocalNeon({ dataDir });
    const modes = await Promise.all(
      ['', 'settings.json', 'server.json'].map(async (name) =>
        ((await stat(join(dataDir, name))).mode & 0o777).toString(8),
      ),
    );
    expect(modes).toEqual(['700', '600', '600']);
    const settings: unknown = JSON.parse(await readFile(join(dataDir, 'settings.json'), 'utf8'));
    const superuser = new URL(neon.url);
    superuser.username = 'postgres';
    superuser.password = (settings as { superuserPassword: string }).superuserPassword;
    await ask(neon.url, `create role other login password 'chosen by somebody'`);
    const rows = await ask(
      superuser.href,
      `select rolname as role, split_part(rolpassword, ':', 1) as kind from pg_authid where rolcanlogin order by 1`,
    );
    expect(rows).toEqual([
      { role: 'other', kind: 'SCRAM-SHA-256$4096' },
      { role: 'postgres', kind: 'SCRAM-SHA-256$1' },
      { role: 'todo', kind: 'SCRAM-SHA-256$1' },
    ]);
    await ask(neon.url, 'drop role other');
    await neon.close();
    // The file in which initdb received the superuser's password.
    const postgres = (await realPostgres(dataDir)) ?? '';
    expect(await readdir(dirname(postgres))).not.toContain('password');
  });
});

test('the error for a port that is taken names it and a free one', async () => {
  const other = createServer().listen({ host: '127.0.0.1', port: 0 });
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  await expect(startLocalNeon({ port })).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    message: expect.stringMatching(new RegExp(`^Port ${port} on localhost is taken .* \\d+ is free\\.$`)),
  });
  other.close();
});

describe('the command', () => {
  test('prints DATABASE_URL first, serves until SIGINT, and exits with 0', async () => {
    const program = startCli(['--data', dataDir], { cwd: kept.folder, env: { PATH: process.env.PATH } });
    const line = await program.firstLine;
    expect(line).toMatch(/^DATABASE_URL=postgresql:\/\/todo:\w+@localhost:\d+\/todo$/);
    const connection = await connectHttp(urlIn(line));
    expect((await connection.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
    program.child.kill('SIGINT');
    expect(await program.exited).toMatchObject({ code: 0 });
  });

  test('ends with a message when PostgreSQL ends, is not joined, and the next start has the committed rows', async () => {
    const program = startCli(['--data', dataDir]);
    const url = urlIn(await program.firstLine);
    await ask(url, 'create table committed as select 42 as n');
    const { pid } = await runtimeOf(url);
    process.kill(pid, 'SIGKILL');
    expect(await program.exited).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        `PostgreSQL ended by itself. Its last messages are in ${join(dataDir, 'postgres.log')}`,
      ),
    });
    expect(await exists(join(dataDir, 'server.json'))).toBe(false);
    const lines = (await readFile(join(dataDir, 'postgres.log'), 'utf8')).trimEnd().split('\n');
    expect(lines.at(-1)).toBe(
      `local-neon: PostgreSQL (process ${pid}) was ended by signal KILL, sent by a user, or by the system when it is out of memory.`,
    );
    expect(lines).not.toContainEqual(expect.stringMatching(/^Killed|Killed *"/));
    const again = await startLocalNeon({ dataDir });
    expect(await ask(again.url, 'select n from committed')).toEqual([{ n: 42 }]);
    await again.close();
    await again.closed;
  });

  test('prints the URL of the running server and exits when started twice on one folder', async () => {
    const first = startCli(['--data', dataDir]);
    const line = await first.firstLine;
    const second = await startCli(['--data', dataDir]).exited;
    expect(second).toMatchObject({ code: 0, stdout: `${line}\n` });
    first.child.kill('SIGTERM');
    await first.exited;
  });

  test('ends when the package manager that started it is killed', async () => {
    // A fake npm: a process with that name, which starts the command and passes no signals on.
    const npm = `process.title = 'npm exec fake';
      require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio: 'inherit' });`;
    const program = startProgram([process.execPath, '-e', npm, CLI, '--data', dataDir]);
    const { pid } = await runtimeOf(urlIn(await program.firstLine));
    program.child.kill('SIGKILL');
    await expect.poll(() => isRunning(pid)).toBe(false);
    await program.exited;
  });
});

/** Four times the free memory that a server requires, so that other programs do not change the result. */
async function isPlentyInMemory(): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const { bavail, bsize } = await statfs('/dev/shm');
  return Math.min(bavail * bsize, process.availableMemory()) > 8 * 1024 ** 3;
}

/** The parent of root's directories. */
async function readStateFolders(): Promise<string[]> {
  return readdir('/var/lib/local-neon').catch(() => []);
}

/** A folder in which PostgreSQL's user may read and write. */
async function createOpenFolder(prefix: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  await chmod(folder, 0o1777);
  return folder;
}

async function writeProgram(path: string, script: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}
