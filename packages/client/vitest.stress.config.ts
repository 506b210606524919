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
          name: 'timers that are numbers',
          globalSetup: './test/global-setup.ts',
          setupFiles: ['./test/numeric-timers.ts'],
          include: ['test/**/*.test.ts'],
          // They start a local Neon in their own process, and that is a program for Node.
          exclude: ['test/{local-url,postgres-log}.test.ts'],
        },
      },
      {
        test: {
          ...stress,
          name: 'PostgreSQL 15',
          globalSetup: './test/global-setup-15.ts',
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
