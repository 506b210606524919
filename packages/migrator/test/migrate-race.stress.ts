/** Races runs of migrations, many times. */
import { expect, test } from 'vitest';

import { raceCommands, raceProcesses } from './concurrent-runs.ts';

test('eight processes at once apply each file once, in 200 rounds', async () => {
  expect(await raceProcesses(200)).toBe(200);
});

test('eight commands at once, started again for each round, apply each file once', async () => {
  expect(await raceCommands(10)).toBe(10);
});
