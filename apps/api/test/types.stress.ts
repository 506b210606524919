/** What an app compiles with: no library newer than ES2022, every check of ours on, and the declaration files looked at. */
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { expect, test } from 'vitest';

const app = join(import.meta.dirname, '..');
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

test('an app for es2022 without types of Node compiles, and no declaration of ours has an error', async () => {
  const project = join(import.meta.dirname, 'types');
  const run = promisify(execFile)(process.execPath, [compiler, '-p', project, '--pretty', 'false'], { cwd: app });
  const { stdout } = await run.catch((failure: { stdout: string }) => failure);
  const errors = stdout.split('\n').filter((line) => /error TS\d+/.test(line));
  // Drizzle's own declarations are of databases whose drivers are not installed.
  expect(errors.filter((line) => !line.includes('/node_modules/drizzle-orm/'))).toEqual([]);
  expect(errors.length).toBeGreaterThan(0);
});
