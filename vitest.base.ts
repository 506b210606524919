/** The settings of vitest that packages share. */

/** The test files wait more than they compute: on two cores, the default is one file at a time. */
export const maxWorkers = 2;

export const base = {
  globalSetup: './test/global-setup.ts',
  include: ['test/**/*.test.ts'],
  // Loading the modules again for each file takes longer than most files do.
  isolate: false,
  // Commands start a PostgreSQL of their own, on a machine that is busy with the other test files.
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // The machine decides how soon an awaited state is reached.
  expect: { poll: { timeout: 90_000 } },
  maxWorkers,
};

/** The long loops: the guarantees of the tests, hundreds of times. */
export const stress = {
  name: 'stress',
  globalSetup: './test/global-setup.ts',
  include: ['test/**/*.stress.ts'],
  testTimeout: 3_600_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 120_000 } },
};

/** The tests that depend on PostgreSQL, on the oldest supported version. */
export const oldestPostgres = {
  ...stress,
  name: 'PostgreSQL 15',
  globalSetup: './test/global-setup-15.ts',
};
