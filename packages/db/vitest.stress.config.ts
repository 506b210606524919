/** The long loops: the same guarantees as the tests', hundreds of times, and what depends on PostgreSQL on its oldest version. */
import { defineConfig } from 'vitest/config';

const stress = {
  testTimeout: 3_600_000,
  hookTimeout: 60_000,
  // What is waited for comes; how soon says the machine.
  expect: { poll: { timeout: 120_000 } },
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...stress,
          name: 'stress',
          globalSetup: './test/global-setup.ts',
          include: ['test/**/*.stress.ts'],
        },
      },
      {
        test: {
          ...stress,
          name: 'PostgreSQL 15',
          globalSetup: './test/global-setup-15.ts',
          include: [
            'test/baseline-elsewhere.stress.ts',
            'test/{agreement,create-many,errors,queries,seed,validators}.test.ts',
          ],
        },
      },
    ],
  },
});
