import { expect, it } from 'vitest';

import { proveShare } from './share.ts';

it('no schema of this worker raises a finding', async () => {
  const proofs = await proveShare(0);
  expect(proofs.flatMap(({ title, faults }) => faults.map((fault) => `${title}: ${fault}`))).toEqual([]);
});
