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
            'test/baseline-elsewhere.stress.ts',
            'test/{agreement,create-many,errors,queries,seed,validators}.test.ts',
          ],
        },
      },
    ],
  },
});
