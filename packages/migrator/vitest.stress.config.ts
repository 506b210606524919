import { defineConfig } from 'vitest/config';

import { maxWorkers, oldestPostgres, stress } from '../../vitest.base.ts';

export default defineConfig({
  test: {
    maxWorkers,
    projects: [
      { test: stress },
      {
        test: {
          ...oldestPostgres,
          include: [
            'test/{migrate,migration-history,odd-migrations,outside-transaction,baseline}.test.ts',
            'test/{migrate-command,migrate-killed}.stress.ts',
            'test/commands/{check,push,reset,seed}.stress.ts',
            'test/commands/round.test.ts',
            'test/tcp/*.test.ts',
          ],
        },
      },
    ],
  },
});
