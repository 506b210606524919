/** Runs both workers of `pnpm test:schemas`. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: './print-score.ts',
    include: ['*.score.ts'],
    root: import.meta.dirname,
    testTimeout: 24 * 3_600_000,
    maxWorkers: 2,
    reporters: ['dot'],
  },
});
