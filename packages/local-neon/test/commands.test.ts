import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { findLocalNeon, startLocalNeon } from '../src/index.ts';
import { ask, connectHttp, connectTcp } from './connect.ts';
import { createDataFolder } from './data-folder.ts';
import { startCli, urlIn } from './program.ts';

/** Shared by the tests, one after the other. */
let folder: string;
let dataDir: string;
beforeAll(async () => {
  const created = await createDataFolder();
  ({ folder, dataDir } = created);
  return () => created.remove();
});

describe('run', () => {
  const print = `process.stdout.write(process.env.DATABASE_URL + ' ' + process.env.DATABASE_URL_UNPOOLED)`;

  test('sets both variables for the command, and stops the server after it', async () => {
    const script = `${print}; fetch('http://localhost:' + new URL(process.env.DATABASE_URL).port + '/sql', {
      method: 'POST', headers: { 'Neon-Connection-String': process.env.DATABASE_URL }, body: '{"query":"select 41 + 1"}',
    }).then((response) => process.exit(response.status === 200 ? 7 : 8));`;
    const { code, stdout } = await startCli(['run', '--data', dataDir, '--', process.execPath, '-e', script]).exited;
    expect(stdout).toMatch(/^(postgresql:\/\/todo:\w+@localhost:\d+\/todo) \1$/);
    expect([code, await findLocalNeon(dataDir)]).toEqual([7, undefined]);
  });

  test('does not stop a server that ran before', async () => {
    const owner = await startLocalNeon({ dataDir });
    const { code, stdout } = await startCli(['run', '--data', dataDir, '--', process.execPath, '-e', print]).exited;
    expect([code, stdout]).toEqual([0, `${owner.url} ${owner.url}`]);
    expect(await ask(owner.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    await owner.close();
  });

  test('passes signals to the command and exits with its code', async () => {
    const handles = `process.once('SIGTERM', () => process.exit(9)); console.log('ready'); setInterval(() => {}, 1000);`;
    const handled = startCli(['run', '--data', dataDir, '--', process.execPath, '-e', handles]);
    expect(await handled.firstLine).toBe('ready');
    handled.child.kill('SIGTERM');
    expect(await handled.exited).toMatchObject({ code: 9 });

    const endless = `console.log('ready'); setInterval(() => {}, 1000);`;
    const dies = startCli(['run', '--data', dataDir, '--', process.execPath, '-e', endless]);
    expect(await dies.firstLine).toBe('ready');
    dies.child.kill('SIGINT');
    expect(await dies.exited).toMatchObject({ code: 130 });
  });

  test('names a command that cannot be run', async () => {
    const { code, stderr } = await startCli(['run', '--data', dataDir, '--', 'no-such-command']).exited;
    expect([code, stderr]).toEqual([127, 'local-neon: cannot run no-such-command: no such command\n']);
  });

  test('distinguishes a missing command from one that is not executable, also with a closed folder on the PATH', async () => {
    const closed = await mkdtemp(join(tmpdir(), 'closed-'));
    onTestFinished(() => rm(closed, { recursive: true }));
    await chmod(closed, 0o000);
    const env = { PATH: `${closed}:${process.env.PATH}` };
    const nowhere = await startCli(['run', '--data', dataDir, '--', 'no-such-command'], { env }).exited;
    expect([nowhere.code, nowhere.stderr]).toEqual([127, expect.stringContaining('no such command')]);
    await chmod(closed, 0o700);
    await writeFile(join(closed, 'closed-command'), '', { mode: 0o600 });
    const there = await startCli(['run', '--data', dataDir, '--', 'closed-command'], { env }).exited;
    expect([there.code, there.stderr]).toEqual([126, expect.stringContaining('permission denied')]);
  });

  test('passes options after the command to the command', async () => {
    const script = 'process.stdout.write(process.argv.slice(1).join())';
    const words = ['run', '--data', dataDir, process.execPath, '-e', script, '--', '--port', 'x'];
    const { stdout } = await startCli(words).exited;
    expect(stdout).toBe('--port,x');
  });
});

describe('a running server', () => {
  test('is found by url and status, and stopped by stop', async () => {
    const program = startCli(['--data', dataDir]);
    const url = urlIn(await program.firstLine);
    const session = await connectTcp(url);
    const options = ['--data', dataDir];
    expect(await startCli(['url', ...options]).exited).toEqual({ code: 0, stdout: `${url}\n`, stderr: '' });
    const { stdout } = await startCli(['status', '--json', ...options]).exited;
    expect(JSON.parse(stdout)).toEqual({
      running: true,
      dataDir,
      pid: program.child.pid,
      port: Number(new URL(url).port),
      postgres: expect.stringMatching(/^18\.\d+$/),
      branches: [{ name: 'todo', bytes: expect.any(Number), sessions: 1 }],
    });
    const { code, stdout: table } = await startCli(['status', ...options]).exited;
    expect([code, table]).toEqual([0, expect.stringMatching(/^ {2}todo +\d+\.\d MB {2}1 session$/m)]);
    expect(table).not.toContain(new URL(url).password);

    expect(await startCli(['stop', ...options]).exited).toMatchObject({ code: 0, stdout: '' });
    expect(await program.exited).toMatchObject({ code: 0 });
    await session.close();
    await expect(ask(url, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect(readFile(join(dataDir, 'server.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('has its branches listed, created and deleted', async () => {
    const neon = await startLocalNeon({ dataDir });
    await ask(neon.url, `create table notes as select 'first' as note`);
    const options = ['--data', dataDir];
    const { stdout: url } = await startCli(['branches', 'create', 'try', ...options]).exited;
    expect(await ask(url.trim(), 'select note from notes')).toEqual([{ note: 'first' }]);
    const session = await connectTcp(url.trim());
    await startCli(['branches', 'create', 'of-try', '--from', 'try', '--disconnect', '--url', neon.url]).exited;
    await expect(session.query('select 1')).rejects.toBeInstanceOf(Error);
    await session.close();
    expect(await startCli(['branches', 'list', ...options]).exited).toMatchObject({ stdout: 'of-try\ntodo\ntry\n' });
    expect(await startCli(['branches', 'delete', 'of-try', ...options]).exited).toMatchObject({ code: 0, stdout: '' });
    const { stdout: json } = await startCli(['branches', 'list', '--json', '--url', neon.url]).exited;
    expect(JSON.parse(json)).toEqual(await neon.branches.list());

    const taken = await startCli(['branches', 'create', 'try', ...options]).exited;
    expect(taken).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('"try" already exists') });
    const root = await startCli(['branches', 'delete', 'todo', ...options]).exited;
    expect(root).toMatchObject({ code: 1, stderr: expect.stringContaining('is not deleted') });
    await neon.branches.delete('try');
    await neon.close();
  });

  test('reports that its database was dropped, and how to create it again', async () => {
    await using neon = await startLocalNeon({ dataDir });
    await ask(neon.url.replace(/todo$/, 'postgres'), 'drop database todo with (force)');
    const { code, stdout } = await startCli(['status', '--data', dataDir]).exited;
    expect([code, stdout]).toEqual([0, expect.stringContaining('todo, the database of the URL, was dropped')]);
    const [, remedy = ''] = /local-neon (.*) --data/.exec(stdout) ?? [];
    expect(await startCli([...remedy.split(' '), '--data', dataDir]).exited).toMatchObject({ code: 0 });
    expect(await ask(neon.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });
});

test('environment variables for another server, such as Neon’s, have no effect', async () => {
  const env = {
    PATH: process.env.PATH,
    PGHOST: 'ep-x.neon.tech',
    PGPORT: '1',
    PGUSER: 'nobody',
    PGPASSWORD: 'none',
    PGDATABASE: 'nothing',
    PGSSLMODE: 'require',
    PGOPTIONS: '-c search_path=nowhere',
  };
  const program = startCli(['--data', dataDir], { env });
  const url = urlIn(await program.firstLine);
  const sql = await connectHttp(url);
  expect((await sql.query('show search_path')).rows).toEqual([{ search_path: '"$user", public' }]);
  const gateway = startCli(['--postgres', url], { env });
  const behind = await connectHttp(urlIn(await gateway.firstLine));
  expect((await behind.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
  for (const words of [['status'], ['branches', 'list']]) {
    expect(await startCli([...words, '--data', dataDir], { env }).exited).toMatchObject({ code: 0 });
  }
});

describe('without a running server', () => {
  test('url and branches exit with 1 and say how to start a server', async () => {
    const data = ['--data', dataDir];
    for (const end of await endsOf([
      ['url', ...data],
      ['branches', 'list', ...data],
      ['branches', 'create', 'try', ...data],
    ])) {
      expect([end.code, end.stdout]).toEqual([1, '']);
      // The folder has a space in its name.
      expect(end.stderr).toContain(`Start a server: local-neon --data '${dataDir}'`);
    }
  });

  test('status reports that no server runs and exits with 1, stop does nothing', async () => {
    const { code, stdout } = await startCli(['status', '--data', dataDir, '--json']).exited;
    expect([code, JSON.parse(stdout)]).toEqual([1, { running: false, dataDir }]);
    expect(await startCli(['stop', '--data', dataDir]).exited).toMatchObject({ code: 0 });
  });

  test('a server.json whose pid and port now belong to other programs is ignored, and stop ends no process', async () => {
    const other = createServer().listen({ host: '127.0.0.1', port: 0 });
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const inode = String((await stat(dataDir)).ino);
    const url = `postgresql://todo:x@localhost:${port}/todo`;
    const note = { pid: process.pid, started: 'before', port, url, inode };
    await writeFile(join(dataDir, 'server.json'), JSON.stringify(note));
    expect(await startCli(['url', '--data', dataDir]).exited).toMatchObject({ code: 1 });
    // A wrong implementation would end this process.
    expect(await startCli(['stop', '--data', dataDir]).exited).toMatchObject({ code: 0 });
    const neon = await startLocalNeon({ dataDir });
    expect(await ask(neon.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    await neon.close();
    other.close();
  });
});

/** Runs the command once for each list of arguments, at the same time: a start of Node.js mostly waits. */
async function endsOf(lists: readonly (readonly string[])[]) {
  return await Promise.all(lists.map((args) => startCli(args, { cwd: folder }).exited));
}

test('wrong usage exits with 2 and prints nothing on standard output', async () => {
  const lists = [
    ['--port', 'x'],
    ['--port', '70000'],
    ['--nonsense'],
    ['surplus'],
    ['--data', 'x', 'url'],
    ['--host', '0.0.0.0'],
    ['--data', ''],
    ['run'],
    ['--log', 'everything'],
    ['--postgres', 'hurra'],
    ['--postgres', 'postgresql://a:b@localhost/c', '--data', 'x'],
    ['branches'],
    ['branches', 'list', '--url', 'hurra'],
  ];
  const ends = await endsOf(lists);
  expect(ends.map(({ code, stdout }, index) => [lists[index], code, stdout])).toEqual(
    lists.map((args) => [args, 2, '']),
  );
});

test('wrong usage is reported with the right words', async () => {
  const [unknown, swapped] = await endsOf([['statu'], ['--data', 'x', 'status']]);
  expect(unknown?.stderr).toMatch(`local-neon: unknown command 'statu'. The commands are start, run, url,`);
  expect(swapped?.stderr).toMatch('local-neon: put options after the command, as in: local-neon status');
});

test('--help and --version exit with 0', async () => {
  for (const end of await endsOf([['--help'], ['--version']])) {
    expect(end).toMatchObject({ code: 0, stdout: expect.stringMatching(/./), stderr: '' });
  }
});

test('a closed standard error does not stop the server', async () => {
  const program = startCli(['--data', dataDir, '--log', 'queries']);
  const url = urlIn(await program.firstLine);
  program.child.stderr?.destroy();
  for (let n = 0; n < 3; n += 1) expect(await ask(url, `select ${n} as n`)).toEqual([{ n }]);
  program.child.kill('SIGINT');
  expect(await program.exited).toMatchObject({ code: 0 });
});

test('--host accepts every name of this machine', async () => {
  // The running server serves each command, which needs no server of its own.
  await using neon = await startLocalNeon({ dataDir });
  const hosts = ['localhost', 'LOCALHOST', 'localhost.', '127.0.0.1', '::1'];
  const ends = await endsOf(hosts.map((host) => ['--data', dataDir, '--host', host]));
  expect(ends.map(({ code, stdout }) => [code, stdout])).toEqual(hosts.map(() => [0, `DATABASE_URL=${neon.url}\n`]));
});
