import { defineConfig } from 'vitest/config';

/** For `runtimes/`, which starts the server: `API_ORIGIN=… API_DATABASE_URL=… vitest run --config vitest.origin.config.ts`. */
export default defineConfig({
  test: {
    include: ['test/origin.suite.ts'],
    testTimeout: 60_000,
  },
});
