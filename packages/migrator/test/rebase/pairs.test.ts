import { expect, test } from 'vitest';

import { openShadows } from '../../src/commands/shadow.ts';
import { provePairs } from './prove-pairs.ts';

test('three random pairs of branches result in the merged schema, or the conflict is named', async () => {
  await using shadows = await openShadows();
  const { rebased, refused } = await provePairs({ count: 3, seed: 1 }, shadows.open);
  expect(rebased + refused).toBe(3);
});
