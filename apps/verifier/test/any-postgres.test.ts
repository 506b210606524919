import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';

import { migrate } from '@todo/migrator';
import { startLocalNeon } from '@todo/local-neon';
import { testBranch } from '@todo/local-neon/vitest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { app } from '../src/app.ts';
import { findPlainPostgres } from '../src/plain-postgres.ts';
import { openTlsRelay, usesTls } from '../src/tls-relay.ts';
import { verifyHere } from './cli.ts';
import { execute, fingerprint } from './database.ts';
import { type PlainPostgres, startPlainPostgres } from './plain-postgres.ts';

const QUICK = ['--only', 'env/url', 'connect', 'behave', 'perf/index-used'];

let neon: string;
let plain: PlainPostgres;

beforeAll(async () => {
  neon = (await testBranch()).url;
  plain = await startPlainPostgres(neon);
  await using gateway = await startLocalNeon({ postgres: plain.url });
  await migrate(gateway.url, app.database.migrations);
});
afterAll(() => plain[Symbol.asyncDispose]());

describe('a PostgreSQL that speaks no Neon protocol', () => {
  it('is proved over the same driver, through a gateway, in read-only mode', async () => {
    const before = await fingerprint(plain.url);
    const { code, stdout, stderr } = await verifyHere(['--url', plain.url, ...QUICK]);
    expect(stderr).toContain('starting a gateway for this run');
    expect(stderr).toContain('postgresql://app:***@127.0.0.1');
    expect(stdout).toMatch(/\n\d+ passed, 0 failed, \d+ skipped\n$/);
    expect(code).toBe(0);
    expect(await fingerprint(plain.url)).toEqual(before);
  });

  it.each(['--write', '--branch'])('is proved by writing with %s, and keeps none of the rows', async (flag) => {
    const { code, stdout } = await verifyHere(['--url', plain.url, flag, ...QUICK]);
    expect(stdout).toMatch(/\n\d+ passed, 0 failed, 0 skipped\n$/);
    expect(code).toBe(0);
    expect(await fingerprint(plain.url)).toMatchObject([{ users: '0', todos: '0' }]);
    const clones = `select datname from pg_database where starts_with(datname, 'verify_branch_')`;
    expect(await execute(plain.url, clones)).toEqual([]);
  });

  it.each<[what: string, change: (url: URL) => void, cause: string]>([
    ['with a wrong password', (url) => (url.password = 'hunter2'), 'The user or the password is wrong.'],
    ['of another name', (url) => (url.pathname = 'nope'), 'The database does not exist.'],
  ])('a connection string %s exits with 3 and names the cause', async (_, change, cause) => {
    const url = new URL(plain.url);
    change(url);
    const { code, stdout, stderr } = await verifyHere(['--url', url.href, '--only', 'connect/http']);
    expect(stdout).toContain(`have  ${cause}`);
    expect(stdout + stderr).not.toMatch(/hunter2|plain-secret/);
    expect(code).toBe(3);
  });
});

describe('a PostgreSQL that asks for TLS', () => {
  it('is reached over TLS, and its certificate is verified if sslmode demands that', async ({ skip }) => {
    if (plain.certificate === undefined) skip('there is no openssl');
    const trusted = `sslmode=verify-full&sslrootcert=${plain.certificate}`;
    expect(await verifyHere(['--url', withMode(trusted), '--only', 'connect/http', 'connect/websocket'])).toMatchObject(
      {
        code: 0,
      },
    );
    expect(await isEncrypted(withMode('sslmode=require'))).toBe(true);
    const distrusted = await verifyHere(['--url', withMode('sslmode=verify-full'), '--only', 'connect/http']);
    expect(distrusted).toMatchObject({ code: 3, stdout: expect.stringContaining('certificate is not trusted') });
  });

  it('is reported if it does not support TLS', async () => {
    const { server, url } = await listen(createServer((socket) => socket.once('data', () => socket.write('N'))));
    const { code, stdout } = await verifyHere(['--url', `${url}?sslmode=require`, '--only', 'connect/http']);
    server.close();
    expect(stdout).toContain('have  The connection string requires TLS, and the server does not offer it.');
    expect(code).toBe(3);
  });

  it.each<[what: string, url: string, offersTls: boolean, wants: boolean]>([
    ['elsewhere, and offers it', 'postgresql://a:b@db.example.com/c', true, true],
    ['elsewhere, and does not', 'postgresql://a:b@db.example.com/c', false, false],
    ['elsewhere, and is told not to', 'postgresql://a:b@db.example.com/c?sslmode=disable', true, false],
    ['elsewhere, and has to', 'postgresql://a:b@db.example.com/c?sslmode=require', false, true],
    ['on this machine', 'postgresql://a:b@localhost/c', true, false],
    [
      'on this machine, and has to be of a known authority',
      'postgresql://a:b@localhost/c?sslmode=verify-ca',
      true,
      true,
    ],
    ['on this machine, and has to', 'postgresql://a:b@localhost/c?sslmode=verify-full', true, true],
  ])('is asked for TLS, or not, when it is %s', (_, url, offersTls, wants) => {
    expect(usesTls(url, { offersTls })).toBe(wants);
  });
});

function withMode(parameters: string): string {
  return `${plain.url}?${parameters}`;
}

async function isEncrypted(url: string): Promise<unknown> {
  const relay = await openTlsRelay(url);
  const [row] = await execute(relay.url, 'select ssl from pg_stat_ssl where pid = pg_backend_pid()');
  await relay.close();
  return row?.['ssl'];
}

describe('the test for a plain PostgreSQL', () => {
  it('rejects a local Neon, a web server, a server that hangs up, a closed port, Neon itself, and an invalid URL', async () => {
    const servers = await Promise.all([
      listen(createHttpServer((_, response) => response.writeHead(404).end())),
      listen(createServer((socket) => socket.end('hello\n'))),
    ]);
    const others = ['postgresql://a:b@localhost:4/c', 'postgresql://a:b@ep-x.eu.aws.neon.tech/c', 'nothing'];
    const urls = [neon, ...servers.map(({ url }) => url), ...others];
    expect(await Promise.all(urls.map(findPlainPostgres))).toEqual(urls.map(() => undefined));
    expect(await findPlainPostgres(plain.url)).toEqual({ offersTls: plain.certificate !== undefined });
    for (const { server } of servers) server.close();
  });
});

async function listen(server: Server): Promise<{ server: Server; url: string }> {
  // A client that hangs up must not fail the test.
  server.on('connection', (socket) => socket.on('error', () => {}));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `postgresql://a:b@127.0.0.1:${(server.address() as AddressInfo).port}/c` };
}
