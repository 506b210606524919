/** Clients that fail together do not retry together. */
import { expect, test } from 'vitest';

import { pauseAfter } from '../src/requests/back-off.ts';

test.each([
  [0, 50],
  [1, 100],
  [4, 800],
  [5, 1_000],
  [1_000, 1_000],
])(
  'the pause after %i failures is anything below a limit, which doubles and ends at a second: %i ms',
  (failures, limitMs) => {
    const pauses = Array.from({ length: 500 }, () => pauseAfter(failures));
    expect(Math.max(...pauses)).toBeLessThan(limitMs);
    // It is practically impossible that no pause is in the upper half.
    expect(Math.max(...pauses)).toBeGreaterThan(limitMs / 2);
    expect(Math.min(...pauses)).toBeLessThan(limitMs / 2);
  },
);
