/** Sessions on a plain PostgreSQL: TLS, passwords and channel binding have the same meaning as in psql. */
import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';

import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, onTestFinished, test, vi } from 'vitest';

import { connectPg } from '../../src/connection/connect-pg.ts';
import { kitUrl } from '../../src/connection/kit-url.ts';
import { openSession, speaksNeon, readTarget } from '../../src/connection/index.ts';
import { explainConnection } from '../../src/commands/connection-failure.ts';
import { migrate } from '../../src/index.ts';
import { database } from '../fixture/database.js';
import { privatePort } from '../private-port.ts';
import { PASSWORD, type PlainPostgres, startPlainPostgres } from './plain-postgres.ts';

let plain: PlainPostgres;
beforeAll(async () => {
  plain = await startPlainPostgres(inject('localNeonUrl'));
});
afterAll(() => plain[Symbol.asyncDispose]());
afterEach(() => void vi.unstubAllEnvs());

const secret = encodeURIComponent(PASSWORD);

function urlOf(user: string, parameters: Record<string, string> = {}, host = 'localhost'): string {
  return `postgresql://${user}:${secret}@${host}:${plain.port}/postgres?${new URLSearchParams(parameters)}`;
}

/** Whether the server sees an encrypted connection for this URL. */
async function isEncrypted(url: string): Promise<unknown> {
  await using session = await openSession(url);
  const { rows } = await session.query('select ssl from pg_stat_ssl where pid = pg_backend_pid()');
  return rows[0]?.['ssl'];
}

/** The text that a command would print for the failure. */
async function failureOf(url: string): Promise<string> {
  const error: unknown = await openSession(url).then(
    () => 'connected',
    (reason: unknown) => reason,
  );
  return String(explainConnection(error, url));
}

describe('sslmode', () => {
  test.each([
    [undefined, true],
    ['disable', false],
    ['allow', false],
    ['prefer', true],
    ['require', true],
  ])('%s: encrypted is %s', async (mode, expected) => {
    expect(await isEncrypted(urlOf('app', mode === undefined ? {} : { sslmode: mode }))).toBe(expected);
  });

  test('allow continues with TLS, and prefer without, if the server requires it', async () => {
    expect(await isEncrypted(urlOf('sealed', { sslmode: 'allow' }))).toBe(true);
    expect(await isEncrypted(urlOf('bare', { sslmode: 'prefer' }, '127.0.0.1'))).toBe(false);
    expect(await failureOf(urlOf('sealed', { sslmode: 'disable' }))).toMatch(
      /no pg_hba\.conf entry.*\nThe server requires TLS: use `sslmode=require`/,
    );
    expect(await failureOf(urlOf('bare', { sslmode: 'require' }, '127.0.0.1'))).toContain(
      "The server's pg_hba.conf has no line",
    );
  });

  test('verify-full accepts a certificate of the given authority for the given host', async () => {
    const { authority, wrongAuthority } = plain.certificates;
    const trusted = { sslmode: 'verify-full', sslrootcert: authority };
    expect(await isEncrypted(urlOf('app', trusted))).toBe(true);
    expect(await failureOf(urlOf('app', { sslmode: 'verify-full' }))).toContain(
      'set `sslrootcert` to the file of its issuer',
    );
    expect(await failureOf(urlOf('app', { ...trusted, sslrootcert: wrongAuthority }))).toContain(
      'The certificate is not trusted',
    );
    expect(await failureOf(urlOf('app', trusted, '127.0.0.1'))).toContain('The certificate is for another host');
  });

  test('verify-ca accepts it for any host, and so does require if an authority is given', async () => {
    const { authority, wrongAuthority } = plain.certificates;
    for (const sslmode of ['verify-ca', 'require']) {
      expect(await isEncrypted(urlOf('app', { sslmode, sslrootcert: authority }, '127.0.0.1'))).toBe(true);
      expect(await failureOf(urlOf('app', { sslmode, sslrootcert: wrongAuthority }))).toContain('not trusted');
    }
  });

  test('can be set by PGSSLMODE and PGSSLROOTCERT', async () => {
    vi.stubEnv('PGSSLMODE', 'disable');
    expect(await isEncrypted(urlOf('app'))).toBe(false);
    vi.stubEnv('PGSSLMODE', 'verify-full');
    vi.stubEnv('PGSSLROOTCERT', plain.certificates.authority);
    expect(await isEncrypted(urlOf('app'))).toBe(true);
    vi.stubEnv('PGSSLROOTCERT', plain.certificates.wrongAuthority);
    expect(await failureOf(urlOf('app'))).toContain('not trusted');
  });
});

describe('channel_binding=require', () => {
  const bound = { channel_binding: 'require' };

  test('succeeds if the password is proved by SCRAM inside TLS', async () => {
    expect(await isEncrypted(urlOf('app', bound))).toBe(true);
  });

  test.each([
    ['old', { sslmode: 'require' }],
    ['open', { sslmode: 'require' }],
    ['app', { sslmode: 'disable' }],
  ])('refuses weaker connections: %s, %j', async (user, parameters) => {
    expect(await failureOf(urlOf(user, { ...bound, ...parameters }, '127.0.0.1'))).toMatch(
      /the server offers none\n`channel_binding=require` needs TLS and a SCRAM password: remove it/,
    );
  });
});

test('a Unix socket is never encrypted, and PGHOST may name its folder', async () => {
  vi.stubEnv('PGHOST', plain.folder);
  vi.stubEnv('PGPORT', String(plain.port));
  expect(await isEncrypted('postgresql://open@/postgres?sslmode=require')).toBe(false);
});

describe('a failed connection is explained', () => {
  test.each([
    [
      'a wrong password',
      () => urlOf('app').replace(secret, 'wr0ng'),
      /password authentication failed.*\nThe server refuses user or password/,
    ],
    [
      'no such database',
      () => urlOf('app').replace('/postgres?', '/nothing?'),
      /"nothing" does not exist\nCorrect the database name/,
    ],
    ['no server', () => 'postgresql://u@127.0.0.1:4/d', /ECONNREFUSED.*\nNo server listens on this port/],
    ['no socket', () => 'postgresql://u@%2Fnonexistent/d', /ENOENT.*\nNo server listens on this socket/],
    [
      'another name than on this machine',
      () => `postgresql://other@${encodeURIComponent(plain.folder)}:${plain.port}/postgres`,
      /eer authentication failed.*\nOver a socket, the server compares the role/,
    ],
  ])('%s', async (_, url, expected) => {
    const failure = await failureOf(url());
    expect(failure).toMatch(expected);
    expect(failure).not.toMatch(/s3cret|wr0ng/);
  });
});

test('migrate() runs on a plain PostgreSQL, and reports the kind of connection', async () => {
  const events: unknown[] = [];
  const name = await plain.createDatabase('open');
  const url = `postgresql://open@localhost:${plain.port}/${name}`;
  const { applied } = await migrate(url, database.migrations, { onProgress: (event) => events.push(event) });
  expect(applied).toEqual(['0000_create_group_and_task']);
  expect(events[0]).toEqual({
    kind: 'connected',
    route: 'Connected over TCP with TLS: the server does not speak Neon’s protocol.',
  });
});

test.each([
  [
    'with TLS and a password',
    () => urlOf('app', { sslrootcert: plain.certificates.authority, sslmode: 'verify-full' }),
  ],
  ['with TLS that nobody vouches for', () => urlOf('app', { channel_binding: 'require' })],
  ['without TLS', () => urlOf('bare', {}, '127.0.0.1')],
  ['over a socket', () => `postgresql://app@/postgres?host=${encodeURIComponent(plain.folder)}&port=${plain.port}`],
])('drizzle-kit gets a URL with which pg alone connects to the same database: %s', async (_, urlOfWay) => {
  vi.stubEnv('PGPASSWORD', PASSWORD);
  const client = await connectPg(urlOfWay(), { reason: '' });
  const url = await kitUrl(urlOfWay(), client);
  vi.unstubAllEnvs();
  const other = new Client({ connectionString: url });
  await other.connect();
  const asked = 'select ssl, current_user, current_database() from pg_stat_ssl where pid = pg_backend_pid()';
  expect((await other.query(asked)).rows).toEqual((await client.query(asked)).rows);
  await Promise.all([client.end(), other.end()]);
});

describe('the test for Neon’s protocols', () => {
  test('finds them on a local Neon, and not on a plain PostgreSQL, a web server or a closed port', async () => {
    expect(await speaksNeon(readTarget(inject('localNeonUrl')))).toBe(true);
    const { url } = await recorder((socket) => socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'));
    for (const other of [urlOf('app'), url('127.0.0.1'), 'postgresql://u@127.0.0.1:4/d']) {
      expect(await speaksNeon(readTarget(other))).toBe(false);
    }
  });

  test('connects to a local Neon without the parameters that Neon’s driver does not support', async () => {
    const routes: string[] = [];
    const url = new URL(inject('localNeonUrl'));
    vi.stubEnv('PGPASSWORD', decodeURIComponent(url.password));
    url.password = '';
    await using session = await openSession(url.href, { onConnect: (route) => routes.push(route) });
    expect((await session.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    expect(routes).toEqual(["Connected over Neon's WebSocket."]);
  });
});

describe('a server that is not on this machine', () => {
  const address = Object.values(networkInterfaces())
    .flat()
    .find((each) => each?.family === 'IPv4' && !each.internal)?.address;

  test.skipIf(address === undefined)('receives only the TLS request in plain text', async () => {
    const { url, heard } = await recorder((socket) => socket.write('N'));
    expect(await failureOf(url(address ?? ''))).toMatch(/does not support SSL.*\nThe server offers no TLS/);
    expect(Buffer.concat(heard)).toEqual(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]));
  });

  test.skipIf(address === undefined)('needs a trusted certificate, unless sslmode allows others', async () => {
    expect(await failureOf(urlOf('app', {}, address))).toContain('The certificate is not trusted');
    expect(await isEncrypted(urlOf('app', { sslmode: 'require' }, address))).toBe(true);
    expect(await isEncrypted(urlOf('app', { sslmode: 'disable' }, address))).toBe(false);
  });
});

/** A server that records all received bytes. */
async function recorder(answer: (socket: Socket) => void) {
  const heard: Buffer[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      heard.push(bytes);
      answer(socket);
    });
  });
  const port = await privatePort();
  server.listen(port);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { heard, url: (host: string) => `postgresql://u:s3cret@${host}:${port}/d` };
}
