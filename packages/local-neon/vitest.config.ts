import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: './test/global-setup.ts',
    include: ['test/**/*.test.ts'],
    provide: { fuzzRuns: 150 },
    // The test files wait more than they compute: on two cores the default is one file at a time.
    maxWorkers: 2,
    // A crash recovery is slow on a busy machine.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // The machine decides how soon an awaited state is reached.
    expect: { poll: { timeout: 30_000 } },
  },
});
