import { defineConfig } from 'vitest/config';

import { oldestPostgres, stress } from '../../vitest.base.ts';

export default defineConfig({
  test: {
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
