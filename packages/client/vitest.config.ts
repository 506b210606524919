import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: './test/global-setup.ts',
    include: ['test/**/*.test.ts'],
    // Loading the modules anew for each file takes longer than most files do.
    isolate: false,
    // Commands start a PostgreSQL of their own, on a machine that is busy with the other test files.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What is waited for comes; how soon says the machine.
    expect: { poll: { timeout: 90_000 } },
    // They wait more than they compute: on two cores the default is one file at a time.
    maxWorkers: 2,
  },
});
