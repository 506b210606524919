import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.stress.ts'],
    // A compiler reads every declaration of Drizzle.
    testTimeout: 120_000,
  },
});
