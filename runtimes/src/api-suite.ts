/** Runs the tests of `apps/api` against a running server. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { pathInFolder } from './folder.js';

const TIMEOUT_MS = 180_000;

/** The secret with which the tests sign cookies: see `apps/api/test/suite.ts`. */
export const SESSION_SECRET = 'the secret of these tests, 32 characters';

/**
 * Runs the tests against the server at `origin`.
 * @param url of the server's database: migrated, and without users.
 * @throws {Error} with the output of Vitest, when a test fails.
 */
export async function runApiSuite(origin: string, url: string): Promise<void> {
  const vitest = pathInFolder('../apps/api/node_modules/vitest/vitest.mjs');
  const run = promisify(execFile)(process.execPath, [vitest, 'run', '--config', 'vitest.origin.config.ts'], {
    cwd: pathInFolder('../apps/api'),
    env: { PATH: process.env['PATH'], NO_COLOR: '1', API_ORIGIN: origin, API_DATABASE_URL: url },
    timeout: TIMEOUT_MS,
  });
  await run.catch((failure: { readonly stdout: string; readonly stderr: string }) => {
    throw new Error(`The API's tests failed on ${origin}:\n${failure.stdout}\n${failure.stderr}`);
  });
}
