/** The long loops: the same guarantees as the tests', many times over. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: './test/global-setup.ts',
    include: ['test/**/*.stress.ts'],
    // The files wait more than they compute: on two cores the default is one file at a time.
    maxWorkers: 2,
    testTimeout: 3_600_000,
    hookTimeout: 120_000,
    // The machine decides how soon an awaited state is reached.
    expect: { poll: { timeout: 15_000 } },
  },
});
