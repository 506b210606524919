import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startLocalNeon } from '@todo/local-neon';
import { testBranch } from '@todo/local-neon/vitest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { cli } from './cli.ts';
import { execute, fingerprint } from './database.ts';

/** A port on which nothing listens: the range below 1024 is not handed out. */
const NOWHERE = 'postgresql://todo:secret@localhost:4/todo';

let clean: string;

beforeAll(async () => {
  clean = (await testBranch()).url;
});

describe('without a database', () => {
  it('proves a fresh local Neon: nothing fails, nothing is skipped', async () => {
    const { code, stdout, stderr } = await cli(['-v']);
    expect(storiesIn(stdout)).toEqual([STORY, STORY]);
    const last = /\n(\d+) passed, 0 failed, 0 skipped\n$/.exec(stdout);
    expect(Number(last?.[1])).toBeGreaterThanOrEqual(20);
    expect(stdout).not.toContain('\u001B');
    expect(stderr).toContain('starting a Neon on this machine');
    expect(stderr).toMatch(/^Database: postgresql:\/\/todo:\*\*\*@localhost:\d+\/todo \(a fresh local Neon\)$/m);
    expect(code).toBe(0);
  });
});

/** What the two crud checks did, under -v. */
const STORY = `
      created user (id N)
      found user by email
      created todo (id N)
      found todo through its user
      completed todo
      deleted user and cascade deleted todos
      confirmed: neither user nor todo is left
`;

function storiesIn(stdout: string): string[] {
  const told = stdout.matchAll(/behave\/crud-.*((?:\n {6}.*)+\n)/g);
  return Array.from(told, ([, story = '']) => story.replaceAll(/id \d+/g, 'id N'));
}

describe('--reporter json', () => {
  it('prints one object and nothing else', async () => {
    const { code, stdout } = await cli(['--reporter', 'json']);
    const { checks, summary } = JSON.parse(stdout) as { checks: object[]; summary: object };
    expect(checks[0]).toEqual({
      id: 'env/url',
      status: 'pass',
      title: expect.any(String),
      durationMs: expect.any(Number),
      detail: 'from a fresh local Neon',
    });
    expect(summary).toMatchObject({ passed: checks.length, failed: 0, warned: 0, skipped: 0, notApplicable: 0 });
    expect(code).toBe(0);
  });

  it('also when nothing could be reached', async () => {
    const { code, stdout } = await cli(['--reporter', 'json', '--only', 'connect', '--url', NOWHERE]);
    expect(JSON.parse(stdout)).toMatchObject({ summary: { failed: 2, skipped: 1 } });
    expect(code).toBe(3);
  });
});

describe('a database that is not as it should be', () => {
  it('without the index on todo.user_id exits 1, and shows the statement that makes it', async () => {
    const { url } = await testBranch();
    await execute(url, 'drop index idx_todo_user_id');
    const { code, stdout } = await cli(['--url', url]);
    expect(stdout).toContain('✗ schema/index-missing');
    expect(stdout).toContain('CREATE INDEX CONCURRENTLY idx_todo_user_id ON public.todo USING btree (user_id);');
    expect(stdout).toContain('✗ perf/index-used');
    expect(stdout).toMatch(/\n\d+ passed, 2 failed, \d+ skipped\n$/);
    expect(code).toBe(1);
  });

  it('exits 0 with a warning alone', async () => {
    const { url } = await testBranch();
    await execute(url, 'create index stray on todo (title)');
    const { code, stdout } = await cli(['--url', url, '--only', 'schema']);
    expect(stdout).toMatch(/\n1 warning, 0 not applicable, in [\d.]+ s\n\d+ passed, 0 failed, 0 skipped\n$/);
    expect(code).toBe(0);
  });
});

describe('wrong usage', () => {
  it.each([
    [['--onyl', 'env'], "unknown option '--onyl'"],
    [['--reporter', 'xml'], 'Allowed choices are terminal, json'],
    [['--only', 'schema/index-mising'], 'Did you mean schema/index-missing?'],
    [['--only', 'env', '--skip', 'env'], 'No check is left'],
    [['surplus'], 'too many arguments'],
  ])('%j exits 2 and says what is wrong, on standard error', async (args, message) => {
    const { code, stdout, stderr } = await cli(args);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('--list and --help', () => {
  it('print to standard output and connect to nothing', async () => {
    const list = await cli(['--list', '--only', 'connect']);
    expect(list).toEqual({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^connect\/http .*reads.*error.*SQL over HTTP works\n/),
    });
    expect(await cli(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('--reporter <name>') });
  });
});

describe('a database that cannot be reached', () => {
  it('lists all that could not run, and says once why', async () => {
    const { code, stdout } = await cli(['--write', '--url', NOWHERE]);
    expect(stdout.match(/^ {6}fix /gm)).toHaveLength(1);
    expect(stdout).toMatch(/\n2 passed, 2 failed, \d+ skipped\n$/);
    expect(code).toBe(3);
  });

  it.each<[what: string, change: (url: URL) => void, cause: string]>([
    ['where nothing listens', (url) => (url.port = '4'), 'Nothing listens at that host and port.'],
    ['of another name', (url) => (url.pathname = 'nope'), 'There is no database of that name.'],
    ['with a wrong password', (url) => (url.password = 'wrong-secret'), 'User or password are not accepted.'],
    ['as an unknown user', (url) => (url.username = 'nobody'), 'User or password are not accepted.'],
    ['on a host that is not', (url) => (url.host = 'ep-x.neon.invalid'), 'The host name does not resolve.'],
  ])('%s exits 3 with one cause, and no secret', async (_, change, cause) => {
    const url = new URL(clean);
    change(url);
    const { code, stdout, stderr } = await cli(['--only', 'connect', '--url', url.href]);
    expect(stdout.match(/^ {6}fix /gm)).toHaveLength(1);
    expect(stdout).toContain(`have  ${cause}`);
    expect(stdout).toMatch(/\n0 passed, 2 failed, 1 skipped\n$/);
    expect(stdout + stderr).not.toContain(url.password);
    expect(stdout + stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(3);
  });

  it('because its URL is none exits 3, and does not repeat it', async () => {
    const { code, stdout, stderr } = await cli(['--only', 'env', 'connect'], {
      env: { DATABASE_URL: 'postgresql://a:sec#ret@host/db' },
    });
    expect(stdout).toContain('have  DATABASE_URL contains a #');
    expect(stdout + stderr).not.toMatch(/sec|ret@/);
    expect(code).toBe(3);
  });
});

describe('a database that belongs to somebody', () => {
  const writing = /behave\/\S+ {2}it writes to the database: pass --write to allow that/g;

  it('is only read, and stays as it is to the last value of a sequence', async () => {
    const { url } = await testBranch();
    const before = await fingerprint(url);
    const { code, stdout } = await cli([], { env: { DATABASE_URL: url } });
    expect(stdout.match(writing)).toHaveLength(6);
    expect(await fingerprint(url)).toEqual(before);
    expect(code).toBe(0);
  });

  it('refuses, with 4, to prove only what writes', async () => {
    const { code, stdout } = await cli(['--url', clean, '--only', 'behave/cascade']);
    expect(stdout.match(writing)).toHaveLength(1);
    expect(code).toBe(4);
  });

  it('is written to with --write, and holds no row of the run afterwards', async () => {
    const { url } = await testBranch();
    const { code, stdout } = await cli(['--url', url, '--write']);
    expect(stdout).toMatch(/\n\d+ passed, 0 failed, 0 skipped\n$/);
    expect(await fingerprint(url)).toMatchObject([{ users: '0', todos: '0' }]);
    expect(code).toBe(0);
  });
});

describe("this checkout's own local Neon", () => {
  let root: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'verify-'));
    await writeFile(join(root, 'pnpm-workspace.yaml'), '');
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  it('is written to without being asked', async () => {
    await using neon = await startLocalNeon({ dataDir: join(root, '.local-neon') });
    await writeFile(join(root, '.env'), `DATABASE_URL=${neon.url}\n`);
    const { code, stdout } = await cli(['--only', 'migrate', 'behave/cascade'], { cwd: root });
    // Nobody migrated it.
    expect(stdout).toContain('✗ migrate/pending');
    expect(stdout).toContain('✗ behave/cascade');
    expect(code).toBe(1);
  });
});
