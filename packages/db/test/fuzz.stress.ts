/** More than 20,000 calls with odd values. The seed is fixed, so that a change fails only by its own fault. Another seed: `FUZZ_SEED=…`. */
import { testBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

import { runFuzz } from './fuzz/run-fuzz.ts';

const { url } = await testBranch();

test('odd values have documented outcomes in 20,000 calls, over both transports', async () => {
  const seed = Number(process.env.FUZZ_SEED ?? 1);
  const { calls, surprises } = await runFuzz(url, 160, seed);
  expect(surprises, `FUZZ_SEED=${seed} repeats it`).toEqual([]);
  expect(calls).toBeGreaterThan(20_000);
});
