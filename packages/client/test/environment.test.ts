/** The variables come from the process or from the `.env` at the workspace root, and never from both. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { loadEnvironment } from '../src/environment.ts';

const ofFile = 'postgresql://u:p@file.example.com/db';
const ofProcess = 'postgresql://u:p@process.example.com/db';
let root = '';
let folder = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'todo-environment-'));
  folder = join(root, 'packages', 'some one');
  await mkdir(folder, { recursive: true });
  await writeFile(join(root, 'pnpm-workspace.yaml'), '');
  vi.stubEnv('DATABASE_URL', undefined);
  vi.stubEnv('DATABASE_URL_UNPOOLED', undefined);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

const writeEnv = (text: string) => writeFile(join(root, '.env'), text);

test('in any folder of the workspace, the `.env` at the root is read and reported', async () => {
  await writeEnv(`# the branch of this week\nDATABASE_URL="${ofFile}"\nDATABASE_URL_UNPOOLED=${ofFile}?direct\n`);
  expect(loadEnvironment(folder)).toEqual({
    root,
    file: join(root, '.env'),
    databaseUrl: ofFile,
    databaseUrlUnpooled: `${ofFile}?direct`,
  });
});

test('a file with a byte order mark, as editors on Windows write it, is read like any other', async () => {
  await writeEnv(`\uFEFFDATABASE_URL="${ofFile}"\r\nDATABASE_URL_UNPOOLED=${ofFile}?direct\r\n`);
  expect(loadEnvironment(folder)).toMatchObject({ databaseUrl: ofFile, databaseUrlUnpooled: `${ofFile}?direct` });
});

test('an unreadable file is an error, not a missing file', async () => {
  await writeFile(join(root, '.env'), `\uFEFFDATABASE_URL=${ofFile}`, 'utf16le');
  expect(() => loadEnvironment(folder)).toThrow(
    /^.*\.env cannot be read: it is not UTF-8\. Save it as UTF-8, or set DATABASE_URL\.$/,
  );
  await rm(join(root, '.env'));
  await mkdir(join(root, '.env'));
  expect(() => loadEnvironment(folder)).toThrow(
    /^.*\.env cannot be read: EISDIR.*\. Make it a file that you may read, or set DATABASE_URL\.$/,
  );
});

test('without a file and without variables there is no database URL', () => {
  expect(loadEnvironment(folder)).toEqual({
    root,
    file: undefined,
    databaseUrl: undefined,
    databaseUrlUnpooled: undefined,
  });
});

test('variables of the process override the file', async () => {
  await writeEnv(`DATABASE_URL=${ofFile}`);
  vi.stubEnv('DATABASE_URL', ofProcess);
  expect(loadEnvironment(folder)).toMatchObject({ databaseUrl: ofProcess, file: undefined });
});

test('a URL of the process is not combined with an unpooled URL of the file, which may be another database', async () => {
  await writeEnv(`DATABASE_URL=${ofFile}\nDATABASE_URL_UNPOOLED=${ofFile}`);
  vi.stubEnv('DATABASE_URL', ofProcess);
  expect(loadEnvironment(folder)).toMatchObject({ databaseUrl: ofProcess, databaseUrlUnpooled: undefined });
});

test('an unpooled URL of the process is not combined with a URL of the file', async () => {
  await writeEnv(`DATABASE_URL=${ofFile}`);
  vi.stubEnv('DATABASE_URL_UNPOOLED', ofProcess);
  expect(loadEnvironment(folder)).toMatchObject({ databaseUrl: undefined, databaseUrlUnpooled: ofProcess });
});

test('an empty variable of the process hides the file’s variable', async () => {
  await writeEnv(`DATABASE_URL=${ofFile}`);
  vi.stubEnv('DATABASE_URL', '');
  expect(loadEnvironment(folder)).toMatchObject({ databaseUrl: undefined });
});

test('outside a workspace the starting folder is the root', async () => {
  await rm(join(root, 'pnpm-workspace.yaml'));
  expect(loadEnvironment(folder).root).toBe(folder);
});
