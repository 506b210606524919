import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { connectSession } from '@todo/db';
import { removeLocalNeon, startLocalNeon } from '@todo/local-neon';
import { testBranch } from '@todo/local-neon/vitest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { cli, verifyHere } from './cli.ts';
import { execute, fingerprint } from './database.ts';

/** No server listens on this port: systems do not assign ports below 1024. */
const NOWHERE = 'postgresql://todo:secret@localhost:4/todo';
/** All checks that do not need a freshly migrated database for comparison. */
const QUICK = ['--only', 'env', 'connect', 'behave', 'validate', 'perf'];

let clean: string;
let folder: string;

beforeAll(async () => {
  clean = (await testBranch()).url;
  folder = await mkdtemp(join(tmpdir(), 'verify-'));
});
afterAll(async () => {
  await removeLocalNeon(join(folder, '.local-neon'));
  await rm(folder, { recursive: true });
});

describe('verify without a connection string', () => {
  it('proves a fresh local Neon: no check fails, and each check runs', async () => {
    const reports = ['json', 'junit', 'markdown', 'html'];
    const reporters = reports.flatMap((name) => ['--reporter', `${name}=${join(folder, 'reports', name)}`]);
    const { code, stdout, stderr } = await cli(['-v', ...reporters]);
    expect(storiesIn(stdout)).toEqual([STORY, STORY]);
    const last = /\n(\d+) passed, 0 failed, (\d+) skipped\n$/.exec(stdout);
    expect(Number(last?.[1])).toBeGreaterThanOrEqual(20);
    expect(stdout).not.toContain('checks that write to the database');
    expect(stdout).not.toContain('\u001B');
    expect(stderr).toContain('starting a Neon on this machine');
    expect(stderr).toMatch(/^Database: postgresql:\/\/todo:\*\*\*@localhost:\d+\/todo \(a fresh local Neon\)$/m);
    expect(code).toBe(0);
    // One run writes all reports.
    const report = JSON.parse(await readFile(join(folder, 'reports/json'), 'utf8')) as {
      verdict: string;
      checks: object[];
    };
    expect(report.verdict).toBe('passed');
    expect(report.checks[0]).toMatchObject({ id: expect.stringContaining('env/'), status: 'pass' });
    expect(await readFile(join(folder, 'reports/junit'), 'utf8')).toContain('failures="0"');
    expect(await readFile(join(folder, 'reports/markdown'), 'utf8')).toContain('✅');
    expect(await readFile(join(folder, 'reports/html'), 'utf8')).toContain('</html>');
  });
});

/** The steps that -v prints for the two crud checks. */
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

describe('--expect-branch', () => {
  it('fails on another branch, whatever other flags are given, and writes nothing', async () => {
    const { url } = await testBranch();
    const before = await fingerprint(url);
    const args = ['--url', url, '--write', '--only', 'behave/crud-http', '--expect-branch', 'br-cool-darkness-1'];
    const { code, stdout } = await verifyHere(args);
    expect(stdout).toContain(`have  database ${new URL(url).pathname.slice(1)}`);
    expect(stdout).toContain('want  database br-cool-darkness-1');
    expect(stdout).toMatch(/\n0 passed, 1 failed, 1 skipped\n$/);
    expect(code).toBe(1);
    expect(await fingerprint(url)).toEqual(before);
    const other = ['--url', url, '--only', 'env/url', '--expect-branch', 'br-cool-darkness-1'];
    expect(await verifyHere(other)).toMatchObject({ code: 1 });
  });

  it('passes on the named branch', async () => {
    const { url } = await testBranch();
    const branch = new URL(url).pathname.slice(1);
    const { code, stdout } = await verifyHere(['--url', url, '--only', 'connect/identity', '--expect-branch', branch]);
    expect(stdout).toMatch(/\n1 passed, 0 failed, 0 skipped\n$/);
    expect(code).toBe(0);
  });
});

describe('a database that differs from the code', () => {
  it('exits with 1 without the index on todo.user_id, shows the statement that creates the index, and annotates its line', async () => {
    const { url } = await testBranch();
    await execute(url, 'drop index idx_todo_user_id');
    const { code, stdout } = await verifyHere(['--url', url, '--reporter', 'github', '--skip', 'behave']);
    expect(stdout).toContain('CREATE INDEX CONCURRENTLY idx_todo_user_id ON public.todo USING btree (user_id);');
    expect(stdout).toMatch(/^::error file=packages\/db\/src\/schema\/todo\.ts,line=\d+,title=schema\/index-missing/m);
    expect(stdout).toMatch(/\n\d+ passed, 3 failed, \d+ skipped\n$/);
    expect(code).toBe(1);
  });

  it('exits with 1 for a warning under --strict', async () => {
    const { url } = await testBranch();
    await execute(url, `insert into "user" (email, hashed_password) values ('a@b.cc', ''), ('A@b.cc', '')`);
    const { code, stdout } = await verifyHere(['--url', url, '--only', 'data/email-case', '--strict']);
    expect(stdout).toMatch(/\n1 warning \(--strict\), 0 not applicable, in [\d.]+ s\n0 passed, 0 failed, 0 skipped\n$/);
    expect(code).toBe(1);
  });
});

describe('wrong usage of the command', () => {
  it.each([
    [['--onyl', 'env'], "unknown option '--onyl'"],
    [['--reporter', 'xml'], 'Allowed are terminal, json, junit, github, markdown, html.'],
    [['--reporter', 'json', '--reporter', 'junit'], 'json and junit cannot go to the same standard output'],
    [['--only', 'schema/index-mising'], 'Did you mean schema/index-missing?'],
    [['--only', 'env/url', '--skip', 'env'], 'No check is left'],
    [['surplus'], 'too many arguments'],
    [['explain'], "missing required argument 'id'"],
    [['explain', 'env/ulr'], 'Did you mean env/url?'],
    [['explain', 'env'], '"env" is a group of checks. Name one of them: env/'],
  ])('%j exits with 2 and prints the mistake on standard error', async (args, message) => {
    const { code, stdout, stderr } = await verifyHere(args);
    expect(stderr).toContain(message);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  it('a report file that cannot be written exits with 2 and is named', async () => {
    const args = ['--url', clean, '--only', 'env/url', '--reporter', `json=${folder}`];
    expect(await verifyHere(args)).toMatchObject({ code: 2, stderr: expect.stringContaining(`${folder}: EISDIR`) });
  });

  it('a `.env` file that cannot be read exits with 2 and is named', async () => {
    const cwd = await mkdtemp(join(folder, 'unreadable-'));
    await mkdir(join(cwd, '.env'));
    expect(await cli(['--list'], { cwd })).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^.*\.env cannot be read: EISDIR.*\n$/),
    });
  });
});

describe('an application whose module throws an error', () => {
  it('exits with 2, and names the error and the place, not a bug of the verifier', async () => {
    const path = join(folder, 'broken.mjs');
    await writeFile(path, "\nthrow new TypeError('no such table');\n");
    const { code, stderr } = await cli(['--url', clean, '--database', path]);
    expect(stderr).toBe(`${path} cannot be loaded: TypeError: no such table\n    at ${pathToFileURL(path).href}:2:7\n`);
    expect(code).toBe(2);
    // The application of this repository cannot be loaded without the global \`URL\`.
    const env = { NODE_OPTIONS: '--import=data:text/javascript,delete%20globalThis.URL' };
    const own = await cli(['--url', clean], { env });
    expect(own.stderr).toMatch(
      /^The application cannot be loaded: ReferenceError: URL is not defined\n +at .*\/dist\//,
    );
    expect(own.code).toBe(2);
  });
});

describe('a command that needs no connection', () => {
  it('--list prints each check with its mode', async () => {
    const { code, stdout } = await verifyHere(['--list', '--only', 'connect', 'behave']);
    expect(stdout).toMatch(/^connect\/http .*reads.*error.*SQL over HTTP works$/m);
    expect(stdout).toMatch(/^behave\/cascade .*writes, rolls back/m);
    expect(stdout).toMatch(/^behave\/crud-http .*writes, removes/m);
    expect(code).toBe(0);
  });

  it('--help and explain print a page', async () => {
    expect(await verifyHere(['--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--reporter <name'),
    });
    const page = await verifyHere(['explain', 'behave/cascade']);
    expect(page).toMatchObject({ code: 0, stdout: expect.stringMatching(/^behave\/cascade\n\nguarantee/) });
  });
});

describe('an unreachable database', () => {
  it('lists all checks that could not run, and prints the cause once', async () => {
    const { code, stdout } = await verifyHere(['--write', '--reporter', 'json', '--url', NOWHERE, ...QUICK]);
    const { checks, verdict } = JSON.parse(stdout) as { verdict: string; checks: { status: string }[] };
    expect(verdict).toBe('failed');
    expect(checks.filter(({ status }) => status === 'skip').length).toBeGreaterThan(checks.length / 2);
    expect(code).toBe(3);
  });

  it.each<[what: string, change: (url: URL) => void, cause: string]>([
    ['where nothing listens', (url) => (url.port = '4'), 'Nothing listens at that host and port.'],
    ['of another name', (url) => (url.pathname = 'nope'), 'The database does not exist.'],
    ['with a wrong password', (url) => (url.password = 'wrong-secret'), 'The user or the password is wrong.'],
    ['as an unknown user', (url) => (url.username = 'nobody'), 'The user or the password is wrong.'],
    ['on a host that is not', (url) => (url.host = 'ep-x.neon.invalid'), 'The host name does not resolve.'],
  ])('%s exits with 3, prints one cause, and prints no secret', async (_, change, cause) => {
    const url = new URL(clean);
    change(url);
    const { code, stdout, stderr } = await verifyHere([
      '--only',
      'connect/http',
      'connect/websocket',
      '--url',
      url.href,
    ]);
    expect(stdout.match(/^ {4}fix /gm)).toHaveLength(1);
    expect(stdout).toContain(`have  ${cause}`);
    expect(stdout).toMatch(/\n0 passed, \d+ failed, \d+ skipped\n$/);
    expect(stdout + stderr).not.toContain(url.password);
    expect(stdout + stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(3);
  });

  it('exits with 3 for an invalid URL, and does not repeat the URL', async () => {
    const { code, stdout, stderr } = await verifyHere(['--only', 'env/url', 'connect'], {
      databaseUrl: 'postgresql://a:sec#ret@host/db',
    });
    expect(stdout).toContain('have  DATABASE_URL contains a #');
    expect(stdout + stderr).not.toMatch(/sec|ret@/);
    expect(code).toBe(3);
  });
});

describe('a database that already has data of its own', () => {
  it('is only read: no row and no sequence value changes', async () => {
    const { url } = await testBranch();
    const before = await fingerprint(url);
    const { code, stdout } = await verifyHere(QUICK, { databaseUrl: url });
    expect(stdout).toContain('checks that write to the database run only with --write');
    expect(await fingerprint(url)).toEqual(before);
    expect(code).toBe(0);
  });

  it('exits with 4 if only checks that write are selected', async () => {
    const { code, stdout } = await verifyHere(['--url', clean, '--only', 'behave/cascade']);
    expect(stdout).toContain('run only with --write');
    expect(code).toBe(4);
  });

  it('is written to with --write, and contains no row of the run afterwards', async () => {
    const { url } = await testBranch();
    const { code, stdout } = await verifyHere(['--url', url, '--write', ...QUICK]);
    expect(stdout).toMatch(/\n\d+ passed, 0 failed, 0 skipped\n$/);
    expect(await fingerprint(url)).toMatchObject([{ users: '0', todos: '0' }]);
    expect(code).toBe(0);
  });
});

describe('a database that is not on this machine', () => {
  const REMOTE = 'postgresql://todo:hunter2@ep-x.neon.invalid/todo';
  const args = ['--write', '--only', 'connect/http', '--url', REMOTE];

  it('is not written to without confirmation when there is no terminal: exit code 4, and no statement is sent', async () => {
    const { code, stdout, stderr } = await verifyHere(args);
    expect(stderr).toContain('Nothing was done: postgresql://todo:***@ep-x.neon.invalid/todo is not on this machine');
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
  });

  it.each([
    ['goes on when its name is typed', 'todo', 3],
    ['is left alone when another one is', 'prod', 4],
    ['is left alone after Ctrl-C', '\u0003', 130],
  ])('asks for its name on a terminal, and %s', async (_, typed, exitCode) => {
    const { code, stderr } = await verifyHere(args, { typed });
    expect(stderr).toContain("Type the database's name: ");
    expect(stderr).not.toContain('hunter2');
    expect(code).toBe(exitCode);
  });

  it('is written to with --yes, without a question', async () => {
    expect((await verifyHere([...args, '--yes'])).code).toBe(3);
  });

  it('is not cloned', async () => {
    const { code, stderr } = await verifyHere(['--branch', '--url', REMOTE]);
    expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining('create a branch in the console') });
  });
});

describe('--branch', () => {
  it('runs all checks on a clone, and drops the clone together with clones that killed runs left', async () => {
    const { url } = await testBranch();
    const abandoned = `verify_branch_${'0'.repeat(12)}`;
    await execute(clean, `create database ${abandoned} template template1`);
    const before = await fingerprint(url);
    const { code, stdout, stderr } = await verifyHere(['--url', url, '--branch', ...QUICK]);
    expect(stderr).toContain('all checks run on the clone');
    expect(stdout).toMatch(/\n\d+ passed, 0 failed, 0 skipped\n$/);
    expect(code).toBe(0);
    expect(await fingerprint(url)).toEqual(before);
    expect(await execute(url, `select from pg_database where starts_with(datname, 'verify_branch_')`)).toEqual([]);
  });

  it('waits for another run that is creating its clone, and does not drop that clone', async () => {
    const { url } = await testBranch();
    const name = `verify_branch_${'1'.repeat(12)}`;
    const onServer = (database: string) => clean.replace(/[^/]*$/, database);
    await using maker = await connectSession(onServer('postgres'));
    await maker.query(`select pg_advisory_lock(${CLONING})`);
    const run = verifyHere(['--url', url, '--branch', '--only', 'connect/http']);
    const waiting = `select from pg_locks where locktype = 'advisory' and objid = ${CLONING} and not granted`;
    await expect.poll(() => execute(clean, waiting)).toHaveLength(1);
    await maker.query(`create database ${name} template template1`);
    const clone = await connectSession(onServer(name));
    await maker.query(`select pg_advisory_unlock(${CLONING})`);
    expect(await run).toMatchObject({ code: 0 });
    await clone.close();
    await execute(clean, `drop database ${name}`);
  });
});

/** The advisory lock that `cloneDatabase` holds: "tcln" in ASCII. */
const CLONING = 0x74636c6e;

describe("this checkout's own local Neon", () => {
  it('is written to without a question', async () => {
    await using neon = await startLocalNeon({ dataDir: join(folder, '.local-neon') });
    const here = { databaseUrl: neon.url, root: folder };
    const { code, stdout } = await verifyHere(['--only', 'migrate/pending', 'behave/row'], here);
    // No migration was applied to this database.
    expect(stdout).toContain('✗ migrate/pending');
    expect(stdout).toContain('behave/row: Could not insert a row into');
    expect(code).toBe(1);
    // The server of another checkout: another port, or another machine.
    const elsewhere = neon.url.replace('localhost', 'ep-x.neon.invalid');
    for (const databaseUrl of [clean, elsewhere]) {
      expect(await verifyHere(['--only', 'behave/cascade'], { databaseUrl, root: folder })).toMatchObject({ code: 4 });
    }
  });
});

describe('a bug of the verifier', () => {
  it('exits with 70 and one line without a stack trace, and prints the stack trace under --debug', async () => {
    // The cause is the program, not the database: the preloaded module deletes a global that it needs.
    const env = { NODE_OPTIONS: '--import=data:text/javascript,delete%20globalThis.performance' };
    const quiet = await cli(['--url', clean], { env });
    expect(quiet).toMatchObject({ code: 70, stdout: '', stderr: expect.stringContaining('bug in the verifier') });
    expect(quiet.stderr).not.toMatch(/^\s+at /m);
    expect((await cli(['--url', clean, '--debug'], { env })).stderr).toMatch(/^\s+at /m);
  });
});
