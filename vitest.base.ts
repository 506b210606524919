/** The settings of Vitest that packages share. */

/** Two test files at a time, also on two cores (where Vitest's default is one): the files wait more than they compute. */
export const maxWorkers = 2;

export const base = {
  globalSetup: './test/global-setup.ts',
  include: ['test/**/*.test.ts'],
  // Test files share their modules: to load all modules again would take longer than most files do.
  isolate: false,
  // Some tests start another PostgreSQL, on a machine that is busy with the other test files.
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // On a slow machine, `expect.poll` must wait longer for a state.
  expect: { poll: { timeout: 90_000 } },
  maxWorkers,
};

/** The settings of the stress tests, which repeat the guarantees of the tests hundreds of times. */
export const stress = {
  name: 'stress',
  globalSetup: './test/global-setup.ts',
  include: ['test/**/*.stress.ts'],
  testTimeout: 3_600_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 120_000 } },
};

/** The settings of the tests on the oldest supported version of PostgreSQL. */
export const oldestPostgres = {
  ...stress,
  name: 'PostgreSQL 15',
  globalSetup: './test/global-setup-15.ts',
};
