import { expect, it } from 'vitest';

import { proveShare } from './share.ts';

it('no schema of this worker raises a finding', async () => {
  const proofs = await proveShare(0);
  // The score prints the faults.
  expect(proofs.filter(({ faults }) => faults.length > 0).map(({ title }) => title)).toEqual([]);
});
