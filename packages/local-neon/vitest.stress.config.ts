import { defineConfig } from 'vitest/config';

/** The long loops. One after the other: each takes the whole machine. */
export default defineConfig({
  test: {
    globalSetup: './test/global-setup.ts',
    include: ['test/**/*.stress.ts', 'test/fuzz.test.ts'],
    provide: { fuzzRuns: 2000 },
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 180_000,
    // What is waited for comes; how soon says the machine.
    expect: { poll: { timeout: 30_000 } },
  },
});
