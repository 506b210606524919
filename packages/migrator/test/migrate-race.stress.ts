/** Migrations that race, at full length. */
import { expect, test } from 'vitest';

import { raceCommands, raceProcesses } from './concurrent-runs.ts';

test('eight processes at once apply each file once, in 200 rounds', async () => {
  expect(await raceProcesses(200)).toBe(200);
});

test('so do eight commands, started anew for each round', async () => {
  expect(await raceCommands(10)).toBe(10);
});
