/** The programs: how they start and end, and what the README's curl lines print. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

import { connectHttp, connectSession } from '@todo/db';
import { todo } from '@todo/db/schema';
import { removeLocalNeon } from '@todo/local-neon';
import { testBranch } from '@todo/local-neon/vitest';
import { expect, onTestFinished, test } from 'vitest';

import { newcomer } from './client.ts';
import { SESSION_SECRET } from './suite.ts';

const dist = join(import.meta.dirname, '..', 'dist');

interface Program {
  readonly child: ChildProcess;
  /** Settles with its exit code. */
  readonly ended: Promise<number | null>;
  /** The first line of a stream that has an origin in it. */
  readonly origin: Promise<string>;
}

function start(file: string, env: Record<string, string>, stream: 'stdout' | 'stderr', cwd = dist): Program {
  const child = spawn(process.execPath, [join(dist, file)], { cwd, env: { PATH: process.env.PATH, ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = once(child, 'exit').then(([exitCode]) => exitCode as number | null);
  const said: string[] = [];
  const origin = new Promise<string>((resolve, reject) => {
    createInterface({ input: child[stream] }).on('line', (line) => {
      said.push(line);
      const [found] = /http:\/\/localhost:\d+/.exec(line) ?? [];
      if (found !== undefined) resolve(found);
    });
    void ended.then((exitCode) => reject(new Error(`${file} ended with ${exitCode}: ${said.join('\n')}`)));
  });
  // Read to the end, or a full pipe would stop it.
  child[stream === 'stdout' ? 'stderr' : 'stdout'].resume();
  return { child, ended, origin };
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  'a server that gets %s finishes the running requests, and exits',
  async (signal) => {
    const { url } = await testBranch();
    const env = { DATABASE_URL: url, SESSION_SECRET, PORT: '0', HOST: 'localhost' };
    const server = start('server.js', env, 'stderr');
    const origin = await server.origin;
    const ada = await newcomer(origin);
    const { body } = await ada.send('POST', '/todos', { title: 'Slow' });
    await using session = await connectSession(url);
    await session.query('begin');
    await session.query('select from todo where id = $1 for update', [body.id]);
    const underWay = ada.send('POST', `/todos/${body.id}/complete`);
    await expect
      .poll(
        async () => (await session.query(`select from pg_stat_activity where wait_event_type = 'Lock'`)).rows.length,
      )
      .toBe(1);

    server.child.kill(signal);
    await expect.poll(() => fetch(`${origin}/healthz`).then(String, () => 'refused')).toBe('refused');
    await session.query('commit');
    expect(await underWay).toMatchObject({ status: 200, body: { isCompleted: true } });
    expect(await server.ended).toBe(0);
  },
);

test.each([
  [{}, 'DATABASE_URL is not set. For a server on this machine run `pnpm dev`.'],
  [{ DATABASE_URL: 'postgresql://a:b@localhost:1/c' }, 'SESSION_SECRET is not set, or shorter than 32 characters.'],
  [
    { DATABASE_URL: 'mysql://a:hidden@localhost:1/c', SESSION_SECRET },
    'DATABASE_URL does not begin with postgresql://',
  ],
])('a server that is not configured says what to do: %j', async (env, reason) => {
  const cwd = await mkdtemp(join(tmpdir(), 'todo-api-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  const run = promisify(execFile)(process.execPath, [join(dist, 'server.js')], {
    cwd,
    env: { PATH: process.env.PATH, ...env },
  });
  const failure = await run.then(
    () => undefined,
    (error: { code: number; stderr: string }) => error,
  );
  expect(failure?.code).toBe(1);
  expect(failure?.stderr).toContain(reason);
  expect(failure?.stderr).not.toContain('hidden');
});

test('`pnpm dev` starts, migrates, seeds and serves, and the README’s curl commands print the output shown in the README', async () => {
  const root = await mkdtemp(join(tmpdir(), 'todo-dev-'));
  await writeFile(join(root, 'pnpm-workspace.yaml'), '');
  onTestFinished(async () => {
    await removeLocalNeon(join(root, '.local-neon'));
    await rm(root, { recursive: true });
  });
  // Not the database that it works on.
  const env = { PORT: '0', DATABASE_URL: 'postgresql://a:b@never.invalid/c' };
  const first = start('dev.js', env, 'stdout', root);
  const origin = await first.origin;

  const readme = await readFile(join(dist, '../../../README.md'), 'utf8');
  const [, lines = ''] = /^## An app\n.*?```sh\n(curl .*?)```/ms.exec(readme) ?? [];
  expect(lines).toContain('curl');
  const promised = [...lines.matchAll(/^# (.*)$/gm)].map(([, line = '']) => line);
  const script = lines.replaceAll('localhost:8787', new URL(origin).host);
  const { stdout } = await promisify(execFile)('bash', ['-ec', script], { cwd: root });
  const printed = stdout.trim().split('\n');
  expect(printed).toHaveLength(promised.length);
  // A table that has grown has more to show than the page.
  for (const [index, line] of printed.entries()) {
    expect({ line: JSON.parse(line) }).toMatchObject({ line: shownBy(promised[index] ?? '') });
  }

  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  // What was written is kept, and sample data is for an empty database alone.
  const second = start('dev.js', env, 'stdout', root);
  await second.origin;
  const { url } = JSON.parse(await readFile(join(root, '.local-neon', 'server.json'), 'utf8'));
  const titles = (await connectHttp(url).select({ title: todo.title }).from(todo)).map(({ title }) => title);
  expect(titles).toContain('Wait for the machine');
  expect(titles).toHaveLength(6);
  second.child.kill('SIGINT');
  expect(await second.ended).toBe(0);
});

/** A line of the page, in which `…` stands for what is another each time. */
function shownBy(line: string): unknown {
  const anything: unknown = expect.any(String);
  return JSON.parse(line, (_, value: unknown) => (value === '…' ? anything : value));
}
