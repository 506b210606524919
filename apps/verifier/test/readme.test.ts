import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { testBranch } from '@todo/local-neon/vitest';
import { expect, onTestFinished, test } from 'vitest';

const run = promisify(execFile);
const app = join(import.meta.dirname, '..');

/** Saves the first TypeScript block of docs/apps.md as a sibling of `packages/db`, the place that the page names. */
async function saveSnippet(): Promise<string> {
  const page = await readFile(join(app, '../../docs/apps.md'), 'utf8');
  const [, code] = /```ts\n(.*?)```/s.exec(page) ?? [];
  if (code === undefined) throw new Error('docs/apps.md has no TypeScript');
  const folder = await mkdtemp(join(app, 'node_modules', '.readme-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'snippet.mts');
  await writeFile(file, code);
  return file;
}

test('the app of docs/apps.md compiles, and does what the page says', async () => {
  const file = await saveSnippet();
  const { url } = await testBranch();
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const options = [
    '--ignoreConfig',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--types',
    'node',
    '--skipLibCheck',
  ];
  await run(process.execPath, [compiler, ...options, file], { cwd: app });
  const { stdout } = await run(process.execPath, [file.replace(/\.mts$/, '.mjs')], {
    env: { ...process.env, DATABASE_URL: url },
  });
  expect(stdout).toBe('ada@example.com has 2 todos\n');
});
