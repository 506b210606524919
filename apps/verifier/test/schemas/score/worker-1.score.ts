import { expect, it } from 'vitest';

import { proveShare } from './share.ts';

it('no schema of this worker raises a finding', async () => {
  const proofs = await proveShare(0);
  // What was found is printed with the score.
  expect(proofs.filter(({ faults }) => faults.length > 0).map(({ title }) => title)).toEqual([]);
});
