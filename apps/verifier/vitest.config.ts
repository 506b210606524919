import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: './test/global-setup.ts',
    include: ['test/**/*.test.ts'],
    // Loading the modules anew for each file takes longer than most files do.
    isolate: false,
    // A run as a child process starts a Neon of its own.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What is waited for comes; how soon says the machine.
    expect: { poll: { timeout: 15_000 } },
  },
});
