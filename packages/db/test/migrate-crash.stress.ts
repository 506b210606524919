/** Migrations that are killed and migrations that race, at full length. */
import { expect, test } from 'vitest';

import { raceEight } from './concurrent-runs.ts';
import { crash } from './crashes.ts';

test('a run that is killed at any moment leaves what the next run completes, 100 times', async () => {
  expect(await crash(100)).toBe(100);
});

test('eight processes at once apply each file once, in 200 rounds', async () => {
  expect(await raceEight(100)).toBe(200);
});
