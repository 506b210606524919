import { defineConfig } from 'vitest/config';

/** The long loops. One after the other: each takes the whole machine. */
export default defineConfig({
  test: {
    globalSetup: './test/global-setup.ts',
    include: ['test/**/*.stress.ts', 'test/fuzz.test.ts'],
    provide: { fuzzRuns: 2000 },
    fileParallelism: false,
    // A hundred starts on a busy machine, and an install from a slow registry, take their time.
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
    // What is waited for comes; how soon says the machine.
    expect: { poll: { timeout: 120_000 } },
  },
});
