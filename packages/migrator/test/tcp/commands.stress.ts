/** Runs the commands on a PostgreSQL without Neon's protocols, over each kind of connection that psql supports. */
import { chmod, chown, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';

import { testBranch } from '@todo/local-neon/vitest';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import { type CommandOptions, type Outcome, run, start, temporaryFolder } from '../command.ts';
import { deployedPackage } from '../deployed-package.ts';
import { privatePort } from '../private-port.ts';
import { ownName, PASSWORD, type PlainPostgres, startPlainPostgres } from './plain-postgres.ts';

let plain: PlainPostgres;
beforeAll(async () => {
  plain = await startPlainPostgres(inject('localNeonUrl'));
});
afterAll(() => plain[Symbol.asyncDispose]());

const secret = encodeURIComponent(PASSWORD);
const TCP = 'Connected over TCP without TLS: ';
const TLS = 'Connected over TCP with TLS: ';
const SOCKET = 'Connected over a Unix socket.\n';

interface Way {
  readonly name: string;
  readonly user: string;
  readonly urlOf: (database: string) => string;
  /** The expected message about the connection. */
  readonly said: string;
}

const WAYS: readonly Way[] = [
  {
    name: 'TCP with a password, TLS and a verified certificate',
    user: 'sealed',
    urlOf: (database) =>
      `postgresql://sealed:${secret}@localhost:${plain.port}/${database}?sslmode=verify-full&sslrootcert=${encodeURIComponent(plain.certificates.authority)}`,
    said: TLS,
  },
  {
    name: 'TCP without a password and without TLS, where the server trusts',
    user: 'open',
    urlOf: (database) => `postgresql://open@127.0.0.1:${plain.port}/${database}?sslmode=disable`,
    said: TCP,
  },
  {
    name: 'a Unix socket with a password',
    user: 'app',
    urlOf: (database) =>
      `postgresql://app:${secret}@/${database}?host=${encodeURIComponent(plain.folder)}&port=${plain.port}`,
    said: SOCKET,
  },
  {
    name: 'a Unix socket where the server asks for the name on this machine',
    user: ownName,
    urlOf: (database) => `postgresql://${ownName}@${encodeURIComponent(plain.folder)}:${plain.port}/${database}`,
    said: SOCKET,
  },
];

describe.each(WAYS)('over $name', ({ user, urlOf, said }) => {
  test('migrate, status, seed, push and reset succeed, and print the kind of connection', async () => {
    const outcomes = await runAll(urlOf(await plain.createDatabase(user)));
    expect(outcomes).toEqual(allDone(said));
    expect(JSON.stringify(outcomes)).not.toContain('s3cret');
  });

  test('the studio runs until it is stopped', async () => {
    const port = await privatePort();
    const url = urlOf(await plain.createDatabase(user));
    const { child, outcome } = start(['studio', '--port', String(port)], { url });
    await expect.poll(() => isListening(port)).toBe(true);
    child.kill('SIGTERM');
    expect(await outcome).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(said) });
  });
});

test.runIf(process.getuid?.() === 0)(
  'the commands also succeed for an operating system user who is not root',
  async () => {
    const home = await temporaryFolder();
    await chown(home, plain.uid, plain.gid);
    const database = await plain.createDatabase('open');
    const url = `postgresql://open@/${database}?host=${encodeURIComponent(plain.folder)}&port=${plain.port}`;
    expect(await runAll(url, { uid: plain.uid, variables: { HOME: home } })).toEqual(allDone(SOCKET));
  },
);

/** The expected output of each command, in the order in which they run on an empty database. */
const PRINTED = {
  migrate: 'applied 0000_create_group_and_task',
  status: 'The live schema equals',
  seed: 'Tables without sample rows',
  push: 'No changes',
  reset: 'applied 0000_create_group_and_task',
};

async function runAll(url: string, options: CommandOptions = {}): Promise<Record<string, Outcome>> {
  const outcomes: Record<string, Outcome> = {};
  for (const command of Object.keys(PRINTED)) outcomes[command] = await run([command], { ...options, url });
  return outcomes;
}

function allDone(said: string): unknown {
  return Object.fromEntries(
    Object.entries(PRINTED).map(([command, line]) => [
      command,
      { exitCode: 0, stdout: expect.stringContaining(line), stderr: expect.stringContaining(said) },
    ]),
  );
}

async function migrateAs(variables: Record<string, string>): Promise<Outcome> {
  return run(['migrate'], {
    url: `postgresql://app@localhost:${plain.port}/${await plain.createDatabase('app')}`,
    variables,
  });
}

describe('a password that is not in the URL', () => {
  test('is read from PGPASSWORD', async () => {
    expect(await migrateAs({ PGPASSWORD: PASSWORD })).toMatchObject({ exitCode: 0 });
  });

  test.each(['PGPASSFILE', 'HOME'])('is read from the password file, found by %s', async (variable) => {
    const folder = await temporaryFolder();
    const file = join(folder, '.pgpass');
    await writeFile(file, `localhost:${plain.port}:*:app:${PASSWORD.replace(':', '\\:')}\n`);
    await chmod(file, 0o600);
    const variables = { [variable]: variable === 'HOME' ? folder : file };
    const { exitCode, stderr } = await migrateAs(variables);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining(TLS) });
    expect(stderr).not.toMatch(/deprecat/i);

    await chmod(file, 0o644);
    expect(await migrateAs(variables)).toMatchObject({
      exitCode: 3,
      stderr: expect.stringMatching(/group or world access[^]*has none\nPut the password into/),
    });
  });

  test('is reported as missing if the server requires one', async () => {
    expect(await migrateAs({})).toMatchObject({
      exitCode: 3,
      stdout: '',
      stderr: expect.stringContaining(
        `: the server asks for the password of app, and the connection string has none\nPut the password into the connection string, PGPASSWORD or ~/.pgpass.`,
      ),
    });
  });
});

test('the deployed package migrates such a database without a development dependency', async () => {
  const { program, cwd } = await deployedPackage();
  const url = `postgresql://app:${secret}@localhost:${plain.port}/${await plain.createDatabase('app')}`;
  expect(await run(['migrate'], { program, cwd, url })).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining(TLS),
  });
});

test('a local Neon is connected over its WebSocket, and the message says so', async () => {
  const { url } = await testBranch();
  for (const command of ['migrate', 'status']) {
    expect(await run([command], { url })).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/^Database: .*\nConnected over Neon's WebSocket\.\n/),
    });
  }
});

async function isListening(port: number): Promise<boolean> {
  const socket = connect({ port, host: 'localhost' });
  return Promise.race([once(socket, 'connect').then(() => true), once(socket, 'close').then(() => false)])
    .catch(() => false)
    .finally(() => socket.destroy());
}
