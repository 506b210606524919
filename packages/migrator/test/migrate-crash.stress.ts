/** Kills runs of migrations, many times. */
import { expect, test } from 'vitest';

import { crash } from './crashes.ts';

test('a run that is killed or interrupted at any moment can be completed by the next run, 100 times', async () => {
  expect(await crash(100)).toBe(100);
});
