/** Kills and races runs of migrations. `test:stress` repeats this many more times. */
import { expect, test } from 'vitest';

import { raceProcesses } from './concurrent-runs.ts';
import { crash } from './crashes.ts';

test('a run that is killed or interrupted at any moment can be completed by the next run, and loses no row', async () => {
  expect(await crash(5)).toBe(5);
});

test('eight processes at once apply each file once, and all succeed', async () => {
  expect(await raceProcesses(2)).toBe(2);
});
