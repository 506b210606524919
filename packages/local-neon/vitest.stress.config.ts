import { defineConfig } from 'vitest/config';

import { maxWorkers } from '../../vitest.base.ts';

/** The long loops. */
export default defineConfig({
  test: {
    globalSetup: './test/global-setup.ts',
    include: ['test/**/*.stress.ts', 'test/fuzz.test.ts'],
    provide: { fuzzRuns: 2000 },
    maxWorkers,
    // A hundred starts are slow on a busy machine, and so is an install from a slow registry.
    testTimeout: 3_600_000,
    hookTimeout: 600_000,
    // The machine decides how soon an awaited state is reached.
    expect: { poll: { timeout: 120_000 } },
  },
});
