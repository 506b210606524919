import { once } from 'node:events';
import { access, chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';

import { findLocalNeon, startLocalNeon } from '../src/index.ts';
import { readProcess } from '../src/running/process-info.ts';
import { ask, connectHttp, connectTcp } from './connect.ts';
import { createDataFolder, realPostgres } from './data-folder.ts';
import { CLI, startCli, startProgram, urlIn } from './program.ts';

let folder: string;
let dataDir: string;
beforeEach(async () => {
  const created = await createDataFolder();
  ({ folder, dataDir } = created);
  return () => created.remove();
});

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** PostgreSQL's process and the folder of its socket, which is the run's. */
async function runtimeOf(url: string): Promise<{ pid: number; socketFolder: string }> {
  const connection = await connectTcp(url);
  const { rows } = await connection.query(`select pg_backend_pid() as pid`);
  const backend = await readProcess(Number(rows[0]?.pid));
  const server = backend && (await readProcess(backend.parent));
  await connection.close();
  const socketFolder = / unix_socket_directories=(.*?) *$/.exec(server?.command ?? '')?.[1];
  if (!backend || !socketFolder) throw new Error('the server was not found among the processes');
  return { pid: backend.parent, socketFolder };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a temporary server', () => {
  test('leaves nothing after close, and closes twice', async () => {
    const neon = await startLocalNeon();
    const { pid, socketFolder } = await runtimeOf(neon.url);
    expect(await exists(socketFolder)).toBe(true);
    await neon.close();
    await neon.close();
    expect([isRunning(pid), await exists(socketFolder)]).toEqual([false, false]);
  });

  test('leaves nothing when its program is killed', async () => {
    const program = startCli([]);
    const { pid, socketFolder } = await runtimeOf(urlIn(await program.firstLine));
    program.child.kill('SIGKILL');
    await program.exited;
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
    await expect.poll(() => exists(socketFolder), { timeout: 10_000 }).toBe(false);
  });
});

test.each([['a temporary server'], ['a kept server']])(
  '%s killed while its data directory is made leaves nothing',
  async (kind) => {
    const temporary = await mkdtemp(join(tmpdir(), 'tmp-'));
    await chmod(temporary, 0o1777);
    onTestFinished(() => rm(temporary, { recursive: true }));
    const args = kind === 'a kept server' ? ['--data', dataDir] : [];
    const program = startCli(args, { env: { PATH: process.env.PATH, TMPDIR: temporary } });
    const holdsRun = async (): Promise<boolean> =>
      (await readdir(temporary)).some((name) => name.startsWith('local-neon-') && !name.endsWith('.log'));
    await expect.poll(holdsRun, { interval: 1, timeout: 10_000 }).toBe(true);
    program.child.kill('SIGKILL');
    expect(await program.exited).toMatchObject({ stdout: '' });
    await expect.poll(() => readdir(temporary), { timeout: 10_000 }).toEqual([]);
    const kept = await readdir(dataDir).catch(() => []);
    expect(kept.filter((name) => name.startsWith('initdb'))).toEqual([]);
    if (kind === 'a temporary server') return;
    const again = await startLocalNeon({ dataDir });
    expect(await ask(again.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    await again.close();
  },
);

describe('a kept server', () => {
  test('has its rows and its URL again at the next start', async () => {
    const first = await startLocalNeon({ dataDir });
    await ask(first.url, `create table kept as select 42 as n`);
    await first.close();
    const second = await startLocalNeon({ dataDir });
    expect(second.url).toBe(first.url);
    expect(await ask(second.url, 'select n from kept')).toEqual([{ n: 42 }]);
    await second.close();
  });

  test('loses no committed row when its program is killed', async () => {
    const program = startCli(['--data', dataDir]);
    const url = urlIn(await program.firstLine);
    await ask(url, `create table kept as select 42 as n`);
    program.child.kill('SIGKILL');
    await program.exited;
    const again = await startLocalNeon({ dataDir });
    expect(await ask(again.url, 'select n from kept')).toEqual([{ n: 42 }]);
    await again.close();
  });

  test('loses no committed row when its program is killed in the middle of writing, again and again', async () => {
    let acknowledged = 0;
    for (let round = 0; round < 3; round += 1) {
      const program = startCli(['--data', dataDir]);
      const connection = await connectTcp(urlIn(await program.firstLine));
      await connection.query('create table if not exists kept (n int)');
      const enough = acknowledged + 1 + Math.floor(Math.random() * 100);
      const write = async (): Promise<never> => {
        for (;;) {
          await connection.query('insert into kept values ($1)', [acknowledged + 1]);
          acknowledged += 1;
          // The next one is on its way when the signal comes.
          if (acknowledged === enough) program.child.kill('SIGKILL');
        }
      };
      await expect(write()).rejects.toThrow(/terminated|closed|ECONNRESET|EPIPE/);
      await program.exited;
    }
    const again = await startLocalNeon({ dataDir });
    const [row] = await ask(again.url, 'select count(distinct n)::int as rows, max(n) as last from kept');
    // One that was committed and not yet acknowledged is written again in the next round.
    expect(row?.rows).toBe(row?.last);
    expect(row?.last).toBeGreaterThanOrEqual(acknowledged);
    await again.close();
  });

  test('is joined by a second start, and outlives it', async () => {
    const owner = await startLocalNeon({ dataDir });
    const guest = await startLocalNeon({ dataDir });
    expect(guest.url).toBe(owner.url);
    expect(await findLocalNeon(dataDir)).toBe(owner.url);
    await guest.close();
    expect(await ask(owner.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    await owner.close();
    expect(await findLocalNeon(dataDir)).toBeUndefined();
  });

  test('that is not joinable is waited for', async () => {
    const first = await startLocalNeon({ dataDir, isJoinable: false });
    expect(await findLocalNeon(dataDir)).toBeUndefined();
    const waiting = startLocalNeon({ dataDir });
    await ask(first.url, `create table before as select 1 as n`);
    await first.close();
    const second = await waiting;
    expect(await ask(second.url, 'select n from before')).toEqual([{ n: 1 }]);
    await second.close();
  });

  test('is made once by two first starts at once', async () => {
    const [one, two] = await Promise.all([startLocalNeon({ dataDir }), startLocalNeon({ dataDir })]);
    expect(one.url).toBe(two.url);
    await one.close();
    await two.close();
  });

  test('keeps its passwords where only its owner reads', async () => {
    const neon = await startLocalNeon({ dataDir });
    const modes = await Promise.all(
      ['', 'settings.json', 'server.json'].map(async (name) =>
        ((await stat(join(dataDir, name))).mode & 0o777).toString(8),
      ),
    );
    expect(modes).toEqual(['700', '600', '600']);
    await neon.close();
  });

  test('stores passwords as SCRAM', async () => {
    const neon = await startLocalNeon({ dataDir });
    const settings: unknown = JSON.parse(await readFile(join(dataDir, 'settings.json'), 'utf8'));
    const superuser = new URL(neon.url);
    superuser.username = 'postgres';
    superuser.password = (settings as { superuserPassword: string }).superuserPassword;
    const rows = await ask(
      superuser.href,
      `select distinct left(rolpassword, 14) as kind from pg_authid where rolcanlogin`,
    );
    expect(rows).toEqual([{ kind: 'SCRAM-SHA-256$' }]);
    await neon.close();
  });
});

describe('a data directory that cannot be used is left as it is', () => {
  test('when another major version of PostgreSQL made it', async () => {
    await mkdir(join(dataDir, 'postgres'), { recursive: true });
    await writeFile(join(dataDir, 'settings.json'), '{"password":"a","superuserPassword":"b"}');
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '17\n');
    await expect(startLocalNeon({ dataDir })).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_UNUSABLE',
      message: expect.stringMatching(/made by PostgreSQL 17, and this is PostgreSQL 18.*Move .* away/s),
    });
    expect(await readdir(join(dataDir, 'postgres'))).toEqual(['PG_VERSION']);
  });

  test('when its passwords are gone', async () => {
    await (await startLocalNeon({ dataDir })).close();
    await rm(join(dataDir, 'settings.json'));
    await expect(startLocalNeon({ dataDir })).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_UNUSABLE',
      message: expect.stringContaining('settings.json is missing'),
    });
  });

  test('when something else is in its place', async () => {
    await mkdir(join(dataDir, 'postgres'), { recursive: true });
    await writeFile(join(dataDir, 'postgres', 'precious.txt'), 'mine');
    await expect(startLocalNeon({ dataDir })).rejects.toMatchObject({ code: 'DATA_DIRECTORY_UNUSABLE' });
    expect(await readFile(join(dataDir, 'postgres', 'precious.txt'), 'utf8')).toBe('mine');
  });

  test.each([
    ['settings.json', '{"password":', 'DATA_DIRECTORY_UNUSABLE', 'settings.json is damaged'],
    ['postgres/PG_VERSION', '', 'DATA_DIRECTORY_UNUSABLE', 'Nothing was changed'],
    ['postgres/global/pg_control', 'garbage', 'START_FAILED', 'pg_control'],
    ['postgres/postgresql.conf', 'garbage', 'START_FAILED', 'syntax error in file'],
  ])('when %s is damaged', async (file, content, code, message) => {
    await (await startLocalNeon({ dataDir })).close();
    await writeFile(join(dataDir, file), content);
    const refused = expect.objectContaining({ code, message: expect.stringContaining(message) });
    await expect(startLocalNeon({ dataDir })).rejects.toEqual(refused);
    expect(await readFile(join(dataDir, file), 'utf8')).toBe(content);
  });

  test('when PostgreSQL does not start on it, and the end of its log is shown', async () => {
    await (await startLocalNeon({ dataDir })).close();
    const postgres = await realPostgres(dataDir);
    await rm(join(postgres ?? '', 'global', 'pg_control'));
    await expect(startLocalNeon({ dataDir })).rejects.toMatchObject({
      code: 'START_FAILED',
      message: expect.stringContaining('could not find the database system'),
    });
  });
});

test('a port that is taken is named, and a free one offered', async () => {
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
  test('says DATABASE_URL first, serves until SIGINT, and ends with 0', async () => {
    const program = startCli(['--data', dataDir], { cwd: folder, env: { PATH: process.env.PATH } });
    const line = await program.firstLine;
    expect(line).toMatch(/^DATABASE_URL=postgresql:\/\/todo:\w+@localhost:\d+\/todo$/);
    const connection = await connectHttp(urlIn(line));
    expect((await connection.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
    program.child.kill('SIGINT');
    expect(await program.exited).toMatchObject({ code: 0 });
  });

  test('started twice on one folder tells the URL of the first and ends', async () => {
    const first = startCli(['--data', dataDir]);
    const line = await first.firstLine;
    const second = await startCli(['--data', dataDir]).exited;
    expect(second).toMatchObject({ code: 0, stdout: `${line}\n` });
    first.child.kill('SIGTERM');
    await first.exited;
  });

  test('ends when the package manager that launched it is killed', async () => {
    // Stands for npm: a process by that name, which starts the command and passes nothing on.
    const npm = `process.title = 'npm exec fake';
      require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio: 'inherit' });`;
    const program = startProgram([process.execPath, '-e', npm, CLI]);
    const { pid } = await runtimeOf(urlIn(await program.firstLine));
    program.child.kill('SIGKILL');
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
    await program.exited;
  });
});
