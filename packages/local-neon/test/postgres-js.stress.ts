/** A client that shares no code with `pg` or Neon's driver, and sends many queries before it reads the first result. */
import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { beforeAll, expect, test } from 'vitest';

import { emptyBranch } from '../src/vitest.ts';
import { startProgram } from './program.ts';

const branch = await emptyBranch();

let project: string;
beforeAll(async () => {
  project = await realpath(await mkdtemp(join(tmpdir(), 'postgres-js-')));
  await writeFile(join(project, 'package.json'), '{"private":true,"type":"module"}');
  const flags = ['--no-audit', '--no-fund', '--loglevel=error'];
  await promisify(execFile)('npm', ['install', ...flags, 'postgres@3.4.9'], { cwd: project });
  return () => rm(project, { recursive: true, force: true });
});

/** The output of a program that uses `sql`. */
async function printed(options: string, program: string): Promise<string> {
  const text = `
    import postgres from 'postgres';
    const sql = postgres(process.env.DATABASE_URL, ${options});
    ${program}
    await sql.end();`;
  const env = { PATH: process.env.PATH, DATABASE_URL: branch.url };
  const command = [process.execPath, '--input-type=module', '-e', text];
  const { stdout, stderr } = await startProgram(command, { cwd: project, env }).exited;
  return stdout + stderr;
}

test.each([
  ['prepared', '{}'],
  ['not prepared', '{ prepare: false }'],
  ['TLS preferred', `{ ssl: 'prefer' }`],
])('queries sent together get their results in their order: %s', async (_, options) => {
  const program = `
    const queries = Array.from({ length: 1000 }, (_, n) => sql\`select \${n}::int as n\`);
    console.log((await Promise.all(queries)).every(([row], n) => row.n === n));`;
  expect(await printed(options, program)).toBe('true\n');
});

test('copies, cursors, notifications and cancelled queries work', async () => {
  const program = `
    await sql\`create table note (n int)\`;
    const into = await sql\`copy note from stdin\`.writable();
    await new Promise((done, fail) => into.on('finish', done).on('error', fail).end('1\\n2\\n3\\n'));
    for await (const rows of sql\`select n from note order by n\`.cursor(2)) console.log(rows.length);
    for await (const bytes of await sql\`copy note to stdout\`.readable()) process.stdout.write(bytes);
    await new Promise((heard) => void sql.listen('news', heard, () => sql.notify('news', 'here'))).then(console.log);
    const asleep = sql\`select pg_sleep(3600)\`.execute();
    while ((await sql\`select from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()\`).length === 0);
    asleep.cancel();
    await asleep.catch(({ code }) => console.log(code));`;
  expect(await printed('{}', program)).toBe('2\n1\n1\n2\n3\nhere\n57014\n');
});
