/**
 * Creates databases for tests: one local Neon per test run, a migrated template, and a clone of it for each test file.
 *
 * ```ts
 * // global-setup.ts, named in vitest.config.ts under test.globalSetup
 * export default localNeon({ migrate });
 * // any test file
 * const branch = await testBranch();
 * ```
 */
import { randomBytes } from 'node:crypto';

import type { TestProject } from 'vitest/node';

import { type Branch, branchesOf } from './branches.ts';
import { startLocalNeon } from './local-neon.ts';
import { fetchPostgres } from './postgres/fetch-postgres.ts';
import { parentExited } from './processes/parent-watch.ts';

export { fetchPostgres };

declare module 'vitest' {
  interface ProvidedContext {
    localNeonUrl: string;
  }
}

/** Replaces DATABASE_URL: a test that reads it must not run on a real database. The host name says what to do. */
const UNREACHABLE_URL = 'postgresql://tests:none@tests-call-testBranch-instead-of-reading-DATABASE_URL.invalid/none';

export interface LocalNeonOptions {
  /** Migrates the template: the database that every `testBranch()` clones. */
  readonly migrate: (url: string) => Promise<unknown>;
  /** A version for `fetchPostgres`. Default: the packaged PostgreSQL. */
  readonly postgresVersion?: string;
}

/** A Vitest global setup: starts a temporary local Neon before the first test file and closes it after the last. */
export function localNeon({
  migrate,
  postgresVersion,
}: LocalNeonOptions): (project: TestProject) => Promise<() => Promise<void>> {
  return async (project) => {
    const neon = await startLocalNeon({ binDir: postgresVersion && (await fetchPostgres(postgresVersion)) });
    try {
      await migrate(neon.url);
    } catch (error) {
      // The error of a connection that `migrate` left open would end the process and hide why `migrate` failed.
      process.on('uncaughtException', ignore);
      await neon.close();
      process.off('uncaughtException', ignore);
      throw error;
    }
    project.provide('localNeonUrl', neon.url);
    // Without this, a killed `npx pnpm test` runs all tests to their end.
    void parentExited().then(() => process.kill(process.pid, 'SIGTERM'));
    for (const name of ['DATABASE_URL', 'DATABASE_URL_UNPOOLED']) process.env[name] = UNREACHABLE_URL;
    return () => neon.close();
  };
}

function ignore(): void {}

export interface TestBranchOptions {
  /** The database to clone. It must have no sessions. Default: the template. */
  readonly from?: Pick<Branch, 'name'>;
}

/** Creates a migrated database for this test file, and removes it after the file. */
export async function testBranch({ from }: TestBranchOptions = {}): Promise<Branch> {
  // Imported here, because Vitest 3 cannot be imported in a global setup.
  const { afterAll, inject } = await import('vitest');
  const url = inject('localNeonUrl') as string | undefined;
  if (url === undefined) {
    throw new Error(
      'No local Neon was started for these tests: set test.globalSetup to a file that exports localNeon(…).',
    );
  }
  const branches = branchesOf(url);
  const branch = await branches.create(`test_${randomBytes(6).toString('hex')}`, { from: from?.name });
  afterAll(() => branches.delete(branch.name));
  return branch;
}

/** Creates an empty database for this test file, and removes it after the file. */
export function emptyBranch(): Promise<Branch> {
  return testBranch({ from: { name: 'template1' } });
}
