/** More than 20,000 calls with random odd values. */
import { testBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

import { runFuzz } from './fuzz/run-fuzz.ts';

const { url } = await testBranch();

test('odd values have documented outcomes in 20,000 calls, over both transports', async () => {
  const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000);
  const { calls, surprises } = await runFuzz(url, 160, seed);
  expect(surprises, `FUZZ_SEED=${seed} repeats it`).toEqual([]);
  expect(calls).toBeGreaterThan(20_000);
});
