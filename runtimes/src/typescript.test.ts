/** Compiles an app that uses the clients with each supported version of TypeScript, with every check on. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { before, test } from 'node:test';
import { promisify } from 'node:util';

import { emptyFolder, pathInFolder, lockedVersion } from './folder.js';

const COMPILERS = [
  'typescript-5.6',
  'typescript-5.7',
  'typescript-5.8',
  'typescript',
  'typescript-6.0',
  'typescript-7.0',
];

let project = '';
before(async () => {
  // In this folder, the compiler finds the packages as in an app outside the workspace.
  project = await emptyFolder('types');
  await cp(pathInFolder('../apps/api/test/types'), project, { recursive: true });
});

for (const compiler of COMPILERS) {
  void test(`an app compiles with TypeScript ${lockedVersion(compiler)}, without skipLibCheck`, async () => {
    const tsc = pathInFolder(`node_modules/${compiler}/bin/tsc`);
    const run = promisify(execFile)(process.execPath, [tsc, '-p', project, '--pretty', 'false'], { timeout: 300_000 });
    const { stdout } = await run.catch((failure: { readonly stdout: string }) => failure);
    const errors = stdout.split('\n').filter((line) => /error TS\d+/.test(line));
    // Errors in Drizzle's declarations are ignored: some are for databases whose drivers are not installed.
    assert.deepEqual(
      errors.filter((line) => !line.includes('node_modules/drizzle-orm/')),
      [],
    );
    assert.ok(errors.length > 0, `The compiler looked at no declaration:\n${stdout}`);
  });
}
