import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';

import { beforeAll, describe, expect, test } from 'vitest';

import { branchesOf } from '../src/branches.ts';
import { startLocalNeon } from '../src/index.ts';
import { emptyBranch, testBranch } from '../src/vitest.ts';
import { ask, connectHttp, connectTcp, connectWebSocket } from './connect.ts';
import { createDataFolder } from './data-folder.ts';
import { createPost } from './post.ts';

const origin = async (url: string): Promise<unknown> => {
  const connection = await connectHttp(url);
  return (await connection.query(`select to_regclass('origin') is not null as found`)).rows[0]?.found;
};

let neon: Awaited<ReturnType<typeof startLocalNeon>>;
beforeAll(async () => {
  neon = await startLocalNeon();
  await ask(neon.url, `create role guest login password 'guest'`);
  return () => neon.close();
});

/** The URL of a role whose sessions PostgreSQL partly hides from the role of the URL. */
function asGuest(href: string): string {
  const url = new URL(href);
  url.username = url.password = 'guest';
  return url.href;
}

test('a test branch is a clone of the template, an empty branch is empty', async () => {
  expect(await origin((await testBranch()).url)).toBe(true);
  expect(await origin((await emptyBranch()).url)).toBe(false);
});

test.each(['DATABASE_URL', 'DATABASE_URL_UNPOOLED'])('%s in a test names a host that says what to do', (name) => {
  expect(new URL(process.env[name] ?? '').hostname).toMatch(/^tests-call-testBranch-.*\.invalid$/);
});

test('a branch has the rows of its origin, and later changes stay apart', async () => {
  const main = await connectTcp(neon.url);
  await main.query(`create table notes as select 'first' as note`);
  await main.close();
  const branch = await neon.branches.create('own "way"');
  const own = await connectHttp(branch.url);
  await own.query(`insert into notes values ('second')`);
  expect((await own.query('select * from notes')).rows).toEqual([{ note: 'first' }, { note: 'second' }]);
  expect((await (await connectHttp(neon.url)).query('select * from notes')).rows).toEqual([{ note: 'first' }]);
  expect((await neon.branches.list()).map(({ name }) => name)).toEqual(['own "way"', 'todo']);
  const { url: copy } = await neon.branches.create('of its own', { from: 'own "way"' });
  expect(await ask(copy, 'select * from notes')).toEqual([{ note: 'first' }, { note: 'second' }]);
  for (const name of ['own "way"', 'of its own']) await neon.branches.delete(name);
  expect((await neon.branches.list()).map(({ name }) => name)).toEqual(['todo']);
});

test('a branch can be created right after queries over HTTP on its origin, also after a batch that ended its session', async () => {
  await (await connectHttp(neon.url)).query('select 1');
  const end = { query: 'select pg_terminate_backend(pg_backend_pid())' };
  expect(await createPost(neon.url)({ queries: [end] })).toMatchObject({ status: 400, body: { code: '57P01' } });
  expect(await neon.branches.create('after_http')).toMatchObject({ name: 'after_http' });
  await neon.branches.delete('after_http');
});

test('creating a branch fails while its origin has sessions, and the error lists them with the remedy', async () => {
  const url = new URL(neon.url);
  url.searchParams.set('application_name', 'a shop');
  const shop = await connectTcp(url.href);
  const other = await connectWebSocket(neon.url);
  const guest = await connectTcp(asGuest(neon.url));
  await expect(neon.branches.create('in_use')).rejects.toMatchObject({
    code: 'BRANCH_FAILED',
    // PostgreSQL's own processes may be listed between them.
    message: expect.stringMatching(
      /sessions? using the database.* Sessions on "[^"]*": .*"a shop" of todo, since [-\d]{10} [:\d]{8} GMT, idle;.* "[^"]*neondatabase[^"]*" of todo, .*a session without a name of guest\. Close them, .*--disconnect/s,
    ),
  });
  expect((await shop.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
  for (const session of [shop, other, guest]) await session.close();
});

test('with disconnect, a branch is created although the sessions of its origin reconnect at once', async () => {
  const made = new AbortController();
  const lanes = [neon.url, neon.url, neon.url, asGuest(neon.url)].map(async (url) => {
    while (!made.signal.aborted) await ask(url, 'select pg_sleep(3600)').catch(() => {});
  });
  const inUse = `select count(*)::int as n from pg_stat_activity where datname = 'todo' and usesysid is not null`;
  const elsewhere = await neon.branches.create('elsewhere', { from: 'template1' });
  await expect.poll(() => ask(elsewhere.url, inUse)).toEqual([{ n: 4 }]);
  await neon.branches.create('anyway', { disconnect: true });
  // The sessions have reconnected before they are stopped.
  await expect.poll(() => ask(elsewhere.url, inUse)).toEqual([{ n: 4 }]);
  made.abort();
  // A session that was just ended may be reconnecting.
  let areGone = false;
  void Promise.all(lanes).then(() => (areGone = true));
  await expect
    .poll(async () => {
      await ask(elsewhere.url, `select pg_terminate_backend(pid) from pg_stat_activity where datname = 'todo'`);
      return areGone;
    })
    .toBe(true);
  for (const name of ['anyway', 'elsewhere']) await neon.branches.delete(name);
});

describe('a superuser whose URL names the database "postgres", as with Docker images,', () => {
  let branches: ReturnType<typeof branchesOf>;
  let url: URL;
  beforeAll(async () => {
    const { dataDir, remove } = await createDataFolder();
    const kept = await startLocalNeon({ dataDir });
    const settings: unknown = JSON.parse(await readFile(join(dataDir, 'settings.json'), 'utf8'));
    url = new URL(kept.url);
    url.username = 'postgres';
    url.password = (settings as { superuserPassword: string }).superuserPassword;
    url.pathname = '/postgres';
    branches = branchesOf(url.href);
    return async () => {
      await kept.close();
      await remove();
    };
  });

  test('lists the branches without PostgreSQL’s templates', async () => {
    expect((await branches.list()).map(({ name }) => name)).toEqual(['postgres']);
  });

  test('clones that database repeatedly, and ends its sessions except those of branch commands', async () => {
    for (let n = 0; n < 5; n += 1) await branches.create(`alone_${n}`, { disconnect: true });
    const other = await connectTcp(url.href);
    await branches.create('disconnected', { disconnect: true });
    await expect(other.query('select 1')).rejects.toBeInstanceOf(Error);
    expect((await branches.list()).map(({ name }) => name)).toContain('alone_4');
    await branches.create('postgres_2', { from: 'alone_0', disconnect: true });
  });

  test('runs branch commands at the same time, which do not end each other’s sessions', async () => {
    const sources = ['postgres', 'template1', 'postgres', 'alone_1', 'template1', 'postgres'];
    const created = sources.map((from, n) => branches.create(`beside_${n}`, { from, disconnect: true }));
    const listed = sources.map(() => branches.list());
    await Promise.all([...created, ...listed]);
    expect((await branches.list()).filter(({ name }) => name.startsWith('beside_'))).toHaveLength(sources.length);
  });

  test('removes a branch called "postgres" that is not the one in the URL', async () => {
    url.pathname = '/alone_0';
    await branchesOf(url.href).delete('postgres');
    url.pathname = '/template1';
    expect(await ask(url.href, `select from pg_database where datname = 'postgres'`)).toEqual([]);
    expect((await branchesOf(url.href).list()).map(({ name }) => name)).toContain('alone_0');
  });
});

test('creating a branch fails when the server disappears, and the program continues', async () => {
  // A proxy that closes the connection at `create database`.
  const proxy = createServer((client) => {
    const server = connect({ host: '127.0.0.1', port: Number(new URL(neon.url).port) }).on('error', () => {});
    server.pipe(client).once('close', () => server.destroy());
    client.on('data', (bytes) => {
      if (bytes.includes('create database')) client.destroy();
      else server.write(bytes);
    });
  }).listen({ host: '127.0.0.1', port: 0 });
  await once(proxy, 'listening');
  const url = new URL(neon.url);
  url.hostname = '127.0.0.1';
  url.port = String((proxy.address() as { port: number }).port);
  const branches = branchesOf(url.href);
  await expect(branches.create('never')).rejects.toMatchObject({
    code: 'BRANCH_FAILED',
    message: expect.stringMatching(/^The branch "never" could not be cloned from "todo": \S/),
  });
  proxy.close();
  // No server listens on this port of either address.
  url.hostname = 'localhost';
  url.port = '1';
  await expect(branchesOf(url.href).list()).rejects.toMatchObject({
    code: 'BRANCH_FAILED',
    message: expect.stringContaining('ECONNREFUSED'),
  });
});
