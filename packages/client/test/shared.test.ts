/** shared(): a module that is evaluated repeatedly, as dev servers do, has one pool. Each case is a separate process. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { testBranch } from '@todo/local-neon/vitest';
import { expect, expectTypeOf, onTestFinished, test } from 'vitest';

import { connectHttp, shared } from '../src/index.ts';
import { connectWebSocket, type WebSocketDatabase } from './fixture/app.ts';

const [{ url }, other] = [await testBranch(), await testBranch()];
const run = promisify(execFile);

const drizzle = (entry = '') => JSON.stringify(import.meta.resolve(`drizzle-orm${entry}`));

/** Two modules that share their pools, `db.mjs` and `jobs.mjs`, and a program that imports both. */
async function program(code: string): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'shared-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const client = JSON.stringify(new URL('../dist/index.js', import.meta.url).href);
  const module = `
    import { connectWebSocket, shared } from ${client};
    import { pgTable, serial } from ${drizzle('/pg-core')};
    const schema = { ['table' + globalThis.edits]: pgTable('t', { id: serial() }) };
    const settings = { connectionsMax: 3 };
    export const db = shared(() => connectWebSocket({ schema }, process.env.DATABASE_URL, settings));`;
  for (const name of ['db.mjs', 'jobs.mjs']) await writeFile(join(folder, name), module);
  await writeFile(
    join(folder, 'program.mjs'),
    `
    import { connectHttp } from ${client};
    import { sql } from ${drizzle()};
    globalThis.edits = 0;
    async function edited(file = 'db.mjs') {
      globalThis.edits += 1;
      return (await import('./' + file + '?t=' + globalThis.edits)).db;
    }
    const backendsOf = async (db) => {
      const three = await Promise.all([1, 2, 3].map(() => db.execute(sql\`select pg_backend_pid() as pid, pg_sleep(0.1)\`)));
      return three.map(({ rows }) => rows[0].pid).toSorted().join();
    };
    const connectionsTo = async (url) => {
      const { rows } = await connectHttp({ schema: {} }, url).execute(sql\`
        select count(*)::int as n from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'local-neon-http'
          and backend_type = 'client backend' and query like '%pg_sleep(0.1)%'\`);
      return rows[0].n;
    };
    const say = (value) => console.log(JSON.stringify(value));
    ${code}`,
  );
  const { stdout } = await run(process.execPath, [join(folder, 'program.mjs')], {
    env: { PATH: process.env.PATH, DATABASE_URL: url, OTHER_URL: other.url },
    timeout: 30_000,
  });
  return JSON.parse(stdout);
}

test('a module that is evaluated ten times has one pool, with the tables of the last edit', async () => {
  const said = await program(`
    const seen = new Set();
    const databases = [];
    for (let i = 0; i < 10; i++) databases.push(await edited());
    for (const db of databases) seen.add(await backendsOf(db));
    say({ pools: seen.size, connections: await connectionsTo(process.env.DATABASE_URL), tables: Object.keys(databases.at(-1).query) });`);
  expect(said).toEqual({ pools: 1, connections: 3, tables: ['table10'] });
});

test('two modules with the same URL and settings have one pool', async () => {
  const said = await program(`
    const [db, jobs] = [await edited(), await edited('jobs.mjs')];
    say((await backendsOf(db)) === (await backendsOf(jobs)));`);
  expect(said).toBe(true);
});

test('when the URL has changed, the previous pool is closed after its running work', async () => {
  const said = await program(`
    const before = await edited();
    const running = backendsOf(before);
    const url = process.env.DATABASE_URL;
    process.env.DATABASE_URL = process.env.OTHER_URL;
    const after = await edited();
    const backends = (await running).split(',').length;
    const elsewhere = (await backendsOf(after)).split(',').length;
    while ((await connectionsTo(url)) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const refused = await before.execute(sql\`select 1\`).catch(({ kind }) => kind);
    say({ backends, elsewhere, refused });`);
  expect(said).toEqual({ backends: 3, elsewhere: 3, refused: 'connection' });
});

test('a pool is not closed when the URL of one module changes and another module still uses the pool', async () => {
  const said = await program(`
    const [, jobs] = [await edited(), await edited('jobs.mjs')];
    process.env.DATABASE_URL = process.env.OTHER_URL;
    await edited();
    await new Promise((resolve) => setTimeout(resolve, 50));
    say((await backendsOf(jobs)).split(',').length);`);
  expect(said).toBe(3);
});

test('after close() the next evaluation opens a new pool', async () => {
  const said = await program(`
    const before = await edited();
    const first = await backendsOf(before);
    await before.close();
    say((await backendsOf(await edited())) !== first);`);
  expect(said).toBe(true);
});

test('printing the process shows no password', async () => {
  const said = await program(`
    const { inspect } = await import('node:util');
    const db = await edited();
    say(inspect([globalThis, db], { depth: 20, maxArrayLength: null }).includes(new URL(process.env.DATABASE_URL).password));`);
  expect(said).toBe(false);
});

test('shared() returns the type of the given database, and refuses an HTTP database', async () => {
  await using db = shared(() => connectWebSocket(url));
  expectTypeOf(db).toEqualTypeOf<WebSocketDatabase>();
  // @ts-expect-error Over HTTP there is nothing to share.
  expect(() => shared(() => connectHttp({ schema: {} }, url))).toThrow(TypeError);
});
