/** `pnpm test:runtimes`: `--write` writes the table of README.md; a text selects the runtimes whose names contain it. */
import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { pathInFolder } from './folder.js';

const { values, positionals } = parseArgs({ options: { write: { type: 'boolean' } }, allowPositionals: true });
const [only] = positionals;
const files =
  only === undefined
    ? await listTests()
    : ['matrix.test.js', 'page.test.js'].map((file) => pathInFolder(`dist/${file}`));
const env = {
  ...process.env,
  ...(only !== undefined && { RUNTIMES_ONLY: only }),
  ...(values.write === true && { RUNTIMES_WRITE: 'yes' }),
};
// One test file at a time, because each file starts a database and servers.
spawn(process.execPath, ['--test', '--test-concurrency=1', ...files], { stdio: 'inherit', env }).on(
  'exit',
  (exitCode) => (process.exitCode = exitCode ?? 1),
);

async function listTests(): Promise<string[]> {
  // The names come from `src`, because `dist` may contain tests that no longer exist.
  const paths = await readdir(pathInFolder('src'), { recursive: true });
  return paths
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => pathInFolder(`dist/${path.replace(/ts$/, 'js')}`));
}
