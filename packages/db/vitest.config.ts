import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: './test/global-setup.ts',
    include: ['test/**/*.test.ts'],
    // Commands start a PostgreSQL of their own, on a machine that is busy with the other test files.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // What is waited for comes; how soon says the machine.
    expect: { poll: { timeout: 15_000 } },
  },
});
