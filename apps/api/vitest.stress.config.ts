import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: './test/global-setup.ts',
    include: ['test/**/*.stress.ts'],
    // The programs of this package are started as processes, on a machine that is busy with other tests.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What is waited for comes; how soon says the machine.
    expect: { poll: { timeout: 15_000 } },
  },
});
