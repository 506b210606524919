/** Tests which database a command uses, what it prints about the database, and which processes it leaves running. */
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';

import { emptyBranch, testBranch } from '@todo/local-neon/vitest';
import { describe, expect, test } from 'vitest';

import { run, start, temporaryWorkspace } from '../command.ts';
import { deployedPackage } from '../deployed-package.ts';
import { privatePort } from '../private-port.ts';

/** The line on standard error about a local Neon. */
const localNeonLine = /^Database: postgresql:\/\/todo:\*\*\*@localhost:(\d+)\/todo \(DATABASE_URL is not set: .*\)\n/;

async function isListening(port: number): Promise<boolean> {
  const socket = connect({ port, host: 'localhost' });
  return Promise.race([once(socket, 'connect').then(() => true), once(socket, 'close').then(() => false)])
    .catch(() => false)
    .finally(() => socket.destroy());
}

describe('a command without DATABASE_URL', () => {
  test('starts a local Neon of this checkout, which keeps its data and stops with the command', async () => {
    const cwd = await temporaryWorkspace();
    const seeded = await run(['seed'], { cwd });
    expect(seeded).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(localNeonLine) });
    expect(await isListening(Number(localNeonLine.exec(seeded.stderr)?.[1]))).toBe(false);

    const pushed = await run(['push'], { cwd });
    expect(pushed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('No changes') });
  });

  test('says what to set if no local Neon is installed', async () => {
    const { program, cwd } = await deployedPackage();
    expect(await run(['migrate'], { program, cwd })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^DATABASE_URL is not set\./),
    });
  });

  test('runs the studio beside other commands until it is stopped, and leaves no process behind', async () => {
    const [cwd, port] = [await temporaryWorkspace(), await privatePort()];
    const { child, outcome } = start(['studio', '--port', String(port)], { cwd });
    await expect.poll(() => isListening(port)).toBe(true);
    expect(await run(['seed'], { cwd })).toMatchObject({ exitCode: 0 });
    child.kill('SIGTERM');
    const { exitCode, stderr } = await outcome;
    expect(exitCode).toBe(0);
    await expect.poll(() => isListening(port)).toBe(false);
    expect(await isListening(Number(localNeonLine.exec(stderr)?.[1]))).toBe(false);
  });
});

test('a command on the schema uses the unpooled URL of the `.env` at the workspace root, and prints that', async () => {
  const cwd = await temporaryWorkspace();
  const { url } = await emptyBranch();
  const pooled = 'postgresql://ada:s3cret@ep-x-pooler.region.example.invalid/main';
  await writeFile(join(cwd, '.env'), `DATABASE_URL=${pooled}\nDATABASE_URL_UNPOOLED=${url}\n`);
  expect(await run(['migrate'], { cwd })).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining(`(DATABASE_URL_UNPOOLED in ${join(cwd, '.env')})`),
  });
});

test('a command on data uses the pooled URL', async () => {
  const cwd = await temporaryWorkspace();
  const { url } = await testBranch();
  const unpooled = 'postgresql://ada:s3cret@ep-x.region.example.invalid/main';
  await writeFile(join(cwd, '.env'), `DATABASE_URL=${url}\nDATABASE_URL_UNPOOLED=${unpooled}\n`);
  expect(await run(['seed'], { cwd })).toMatchObject({
    exitCode: 0,
    stderr: expect.stringContaining(`(DATABASE_URL in ${join(cwd, '.env')})`),
  });
});

test.each(['migrate', 'status', 'push', 'reset'])(
  'the command %s connects without the pooler, and prints that',
  async (command) => {
    const url = 'postgresql://ada:s3cret@ep-x-pooler.region.example.invalid/dev';
    const flags = command === 'reset' ? ['--yes-delete-everything', '--database', 'dev'] : [];
    const { exitCode, stderr } = await run([command, ...flags], { url });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: expect.stringMatching(
        /^Database: postgresql:\/\/ada:\*\*\*@ep-x\.region\.example\.invalid\/dev \(DATABASE_URL, without its pooler.*\n.*(ENOTFOUND|EAI_AGAIN) ep-x\.region/,
      ),
    });
  },
);

test('a studio that is killed ends its drizzle-kit process', async () => {
  const [{ url }, port] = [await testBranch(), await privatePort()];
  const { child } = start(['studio', '--port', String(port)], { url });
  await expect.poll(() => isListening(port)).toBe(true);
  child.kill('SIGKILL');
  await expect.poll(() => isListening(port)).toBe(false);
});

describe('a command with a DATABASE_URL', () => {
  test('needs no development dependency to migrate', async () => {
    const { program, cwd } = await deployedPackage();
    const { url } = await emptyBranch();
    expect(await run(['migrate'], { program, cwd, url })).toMatchObject({ exitCode: 0 });
  });

  test.each(['push', 'migrate', 'status', 'seed', 'reset', 'studio'])(
    '%s exits with 3 if no server listens there, and prints no password and no stack',
    async (command) => {
      const { exitCode, stdout, stderr } = await run([command], { url: 'postgresql://ada:s3cret@localhost:1/main' });
      expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
      expect(stderr).toMatch(
        /^Database: .*\nCould not connect to postgresql:\/\/ada:\*\*\*@localhost:1\/main: .*ECONNREFUSED/,
      );
      expect(stderr).not.toMatch(/s3cret|^\s+at /m);
    },
  );

  test.each(['push', 'migrate', 'status', 'seed', 'reset', 'studio'])(
    '%s exits with 3 if the password is wrong',
    async (command) => {
      const { url } = await testBranch();
      const wrong = new URL(url);
      wrong.password = 's3cret';
      const { exitCode, stdout, stderr } = await run([command], { url: wrong.href });
      expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
      expect(stderr).toContain('password authentication failed');
      expect(stderr).not.toMatch(/s3cret|^\s+at /m);
    },
  );

  test('exits with 2 for an invalid URL, and repeats no part of it', async () => {
    const { exitCode, stderr } = await run(['push'], { url: 'postgresql://ada:s3#cret@localhost:1/main' });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('%23');
    expect(stderr).not.toMatch(/s3|cret/);
  });
});

test.each([[], ['nonsense'], ['push', '--nonsense']])('exits with 2 for wrong usage: %j', async (...args) => {
  expect(await run(args)).toMatchObject({ exitCode: 2, stdout: '' });
});
