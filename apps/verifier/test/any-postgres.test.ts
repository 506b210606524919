import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';

import { migrate } from '@todo/db/migrate';
import { startLocalNeon } from '@todo/local-neon';
import { testBranch } from '@todo/local-neon/vitest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { isPlainPostgres } from '../src/speaks-neon.ts';
import { verifyHere } from './cli.ts';
import { fingerprint } from './database.ts';
import { type PlainPostgres, startPlainPostgres } from './plain-postgres.ts';

const QUICK = ['--only', 'env/url', 'connect', 'behave', 'perf/index-used'];

let neon: string;
let plain: PlainPostgres;

beforeAll(async () => {
  neon = (await testBranch()).url;
  plain = await startPlainPostgres(neon);
  await using gateway = await startLocalNeon({ postgres: plain.url });
  await migrate(gateway.url);
});
afterAll(() => plain[Symbol.asyncDispose]());

describe('a PostgreSQL that speaks no Neon protocol', () => {
  it('is proved through a gateway, over the same driver, and only read', async () => {
    const before = await fingerprint(plain.url);
    const { code, stdout, stderr } = await verifyHere(['--url', plain.url, ...QUICK]);
    expect(stderr).toContain('a gateway stands in front of it for this run');
    expect(stderr).toContain('postgresql://app:***@127.0.0.1');
    expect(stdout).toMatch(/\n\d+ passed, 0 failed, \d+ skipped\n$/);
    expect(code).toBe(0);
    expect(await fingerprint(plain.url)).toEqual(before);
  });

  it.each(['--write', '--branch'])('is proved by writing with %s, and holds nothing of it afterwards', async (flag) => {
    const { code, stdout } = await verifyHere(['--url', plain.url, flag, ...QUICK]);
    expect(stdout).toMatch(/\n\d+ passed, 0 failed, 0 skipped\n$/);
    expect(code).toBe(0);
    expect(await fingerprint(plain.url)).toMatchObject([{ users: '0', todos: '0' }]);
  });

  it.each<[what: string, change: (url: URL) => void, cause: string]>([
    ['with a wrong password', (url) => (url.password = 'hunter2'), 'User or password are not accepted.'],
    ['of another name', (url) => (url.pathname = 'nope'), 'There is no database of that name.'],
    ['where TLS is demanded', (url) => (url.search = 'sslmode=require'), 'The connection string demands TLS'],
  ])('%s exits 3 with its cause', async (_, change, cause) => {
    const url = new URL(plain.url);
    change(url);
    const { code, stdout, stderr } = await verifyHere(['--url', url.href, '--only', 'connect/http']);
    expect(stdout).toContain(`have  ${cause}`);
    expect(stdout + stderr).not.toMatch(/hunter2|plain-secret/);
    expect(code).toBe(3);
  });
});

describe('what is no plain PostgreSQL', () => {
  it('is told from one: a local Neon, a web server, one who hangs up, nobody, Neon itself, no URL', async () => {
    const servers = await Promise.all([
      listen(createHttpServer((_, response) => response.writeHead(404).end())),
      listen(createServer((socket) => socket.end('hello\n'))),
    ]);
    const others = ['postgresql://a:b@localhost:4/c', 'postgresql://a:b@ep-x.eu.aws.neon.tech/c', 'nothing'];
    const urls = [neon, ...servers.map(({ url }) => url), ...others];
    expect(await Promise.all(urls.map(isPlainPostgres))).toEqual(urls.map(() => false));
    expect(await isPlainPostgres(plain.url)).toBe(true);
    for (const { server } of servers) server.close();
  });
});

async function listen(server: Server): Promise<{ server: Server; url: string }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `postgresql://a:b@127.0.0.1:${(server.address() as AddressInfo).port}/c` };
}
