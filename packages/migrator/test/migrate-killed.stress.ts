/** Migrations that are killed and migrations that race; many more times under `test:stress`. */
import { expect, test } from 'vitest';

import { raceProcesses } from './concurrent-runs.ts';
import { crash } from './crashes.ts';

test('a run that is killed or interrupted at any moment leaves what the next run completes, and every row', async () => {
  expect(await crash(5)).toBe(5);
});

test('eight processes at once apply each file once, and all succeed', async () => {
  expect(await raceProcesses(2)).toBe(2);
});
