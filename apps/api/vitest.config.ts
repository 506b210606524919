import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: './test/global-setup.ts',
    include: ['test/**/*.test.ts'],
    // The programs of this package are started as processes, on a machine that is busy with other tests.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // The machine decides how soon an awaited state is reached.
    expect: { poll: { timeout: 15_000 } },
  },
});
