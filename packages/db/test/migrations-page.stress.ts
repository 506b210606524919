/** docs/migrations.md: its commands exist, and its SQL runs and passes the check. */
import { cp, mkdir, readFile, realpath, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { emptyBranch, testBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

import { migrate, readFolder } from '@todo/migrator';
import { LEFT_OUT, LEFT_OUT_OF_BASELINE, LEFT_OUT_OF_STATUS } from '@todo/migrator/catalog';
import { lintMigrations } from '@todo/migrator/lint';
import { run, temporaryFolder } from './command.ts';
import { firstMigration } from './first-migration.ts';
import { migrationsFolder } from './migrations-folder.ts';
import { query } from './query.ts';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));

const read = (path: string) => readFile(new URL(`../../../${path}`, import.meta.url), 'utf8');

test('each command of docs/migrations.md exists, with each of its flags', async () => {
  const page = await read('docs/migrations.md');
  const { scripts } = JSON.parse(await read('package.json'));
  const commands = [...page.matchAll(/pnpm (db:[a-z]+)/g)].map(([, name = '']) => name);
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(commands));

  const names = ['migrate', 'status', 'check', 'push', 'generate', 'rebase', 'reset'];
  const help = await Promise.all(names.map(async (name) => (await run([name, '--help'])).stdout));
  // The flags in the image's block belong to pnpm.
  const flags = [...page.replace(/```dockerfile[^]*?```/, '').matchAll(/--[a-z][a-z-]+/g)].map(([flag]) => flag);
  for (const flag of flags) expect(help.join('\n')).toContain(flag);
});

test('the migrations of the page pass the check when they run in order, and keep existing rows', async () => {
  const page = await read('docs/migrations.md');
  const files = [...page.matchAll(/```sql title=(\S+)\.sql\n([^]*?)```/g)].map(([, name = '', sql = '']) => ({
    name,
    sql,
  }));
  expect(files).toHaveLength(5);
  const first = await firstMigration();
  const later = files.map((file, index) => ({ ...file, when: first.when + index + 1 }));
  const directory = await migrationsFolder(first, ...later);
  const folder = await readFolder(directory);
  expect(await lintMigrations(folder.migrations, () => true)).toEqual([]);

  const { url } = await emptyBranch();
  await migrate(url, await migrationsFolder(first));
  await query(
    url,
    `insert into "user" (email, hashed_password) values ('a@example.com', 'h')`,
    `insert into todo (title, description, user_id)
     select 'todo ' || n, case when n % 2 = 0 then 'text ' || n end, 1 from generate_series(1, 2500) n`,
  );
  expect((await migrate(url, directory)).applied).toEqual(files.map(({ name }) => name));
  expect(
    await query(url, `select count(*)::int, count(*) filter (where notes = 'text ' || id)::int as kept from todo`),
  ).toEqual([{ count: 2500, kept: 1250 }]);
});

test('the page lists what a comparison leaves out, with the catalog’s names', async () => {
  const page = await read('docs/migrations.md');
  const [, section = ''] = /## What a comparison leaves out\n([^]*?)\n## /.exec(page) ?? [];
  const items = [...section.matchAll(/^- (.+)$/gm)].map(([, item]) => item);
  expect(items).toEqual([...new Set([...LEFT_OUT, ...LEFT_OUT_OF_STATUS, ...LEFT_OUT_OF_BASELINE])]);
});

test('the container image of the page contains the files that its command needs', async () => {
  const [, command = ''] = /^CMD (.*)$/m.exec(await read('docs/migrations.md')) ?? [];
  const [node, program, ...args] = JSON.parse(command);
  expect(node).toBe('node');
  const cwd = await image();
  const { url } = await emptyBranch();
  expect(await run(args, { program: join(cwd, program), cwd, url })).toMatchObject({ exitCode: 0 });
});

test('the output of --json has the shape that the page shows', async () => {
  const page = await read('docs/migrations.md');
  const shown = [...page.matchAll(/```json title=(\S+)\n([^]*?)```/g)];
  const { url } = await testBranch();
  const { url: empty } = await emptyBranch();
  expect(shown.map(([, title]) => title)).toEqual(['migrate', 'migrate,--dry-run', 'status']);
  for (const [, title = '', json = ''] of shown) {
    const { stdout } = await run([...title.split(','), '--json'], { url: title === 'status' ? url : empty });
    expect(stdout).toMatch(/^.*\n$/);
    expect(shapeOf(JSON.parse(stdout))).toEqual(shapeOf(JSON.parse(json)));
    if (title === 'migrate') await query(empty, 'drop schema public, drizzle cascade', 'create schema public');
  }
});

/**
 * The files that `pnpm deploy --prod` copies: this package and its workspace dependencies, including peers, without development
 * dependencies.
 */
async function image(): Promise<string> {
  const cwd = await temporaryFolder();
  await copyPackage(packageFolder, cwd, ['dist', 'migrations', 'package.json']);
  return cwd;
}

async function copyPackage(from: string, to: string, parts: readonly string[]): Promise<void> {
  for (const part of parts) await cp(join(from, part), join(to, part), { recursive: true });
  const {
    dependencies,
    peerDependencies = {},
    peerDependenciesMeta = {},
  } = JSON.parse(await readFile(join(from, 'package.json'), 'utf8'));
  const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true);
  for (const name of [...Object.keys(dependencies), ...peers]) {
    const [source, target] = [join(from, 'node_modules', name), join(to, 'node_modules', name)];
    await mkdir(dirname(target), { recursive: true });
    // Not a link to a workspace package: a link would make its development dependencies available.
    if (name.startsWith('@todo/')) await copyPackage(await realpath(source), target, ['dist', 'package.json']);
    else await symlink(source, target);
  }
}

/** Names and types of values. The shape of a list is the shape of its first value. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return 'list';
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shapeOf(part)]));
}
