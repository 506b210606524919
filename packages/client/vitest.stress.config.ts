import { defineConfig } from 'vitest/config';

import { maxWorkers, oldestPostgres, stress } from '../../vitest.base.ts';

export default defineConfig({
  test: {
    maxWorkers,
    projects: [
      { test: stress },
      {
        test: {
          ...stress,
          name: 'timers that are numbers',
          setupFiles: ['./test/numeric-timers.ts'],
          include: ['test/**/*.test.ts'],
          // These files start a local Neon in their own process, and local-neon is a program for Node.
          exclude: ['test/{local-url,postgres-log}.test.ts'],
        },
      },
      {
        test: {
          ...oldestPostgres,
          include: [
            'test/{clients,errors,faults,flat-rows,http,isolation,pool,session,session-reset,websocket}.test.ts',
            'test/queries/*.{test,stress}.ts',
            'test/validators/{agreement,transports}.test.ts',
          ],
        },
      },
    ],
  },
});
