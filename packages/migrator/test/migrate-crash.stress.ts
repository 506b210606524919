/** Migrations that are killed, at full length. */
import { expect, test } from 'vitest';

import { crash } from './crashes.ts';

test('a run that is killed or interrupted at any moment leaves what the next run completes, 100 times', async () => {
  expect(await crash(100)).toBe(100);
});
