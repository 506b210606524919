/** Compares every validator with PostgreSQL, on 6,000 generated values for each. */
import { testBranch } from '@todo/local-neon/vitest';
import { afterAll, expect, test } from 'vitest';

import { disagreement } from './agreement.ts';
import { openJudge } from './judge.ts';
import { createKinds, KINDS } from './kinds.ts';

const { url } = await testBranch();
await createKinds(url);
const judge = await openJudge(url);
afterAll(() => judge[Symbol.asyncDispose]());

test.each(KINDS)('%s: a value is accepted if and only if PostgreSQL returns it unchanged', async (kind) => {
  for (let round = 0; round < 3; round++) expect(await disagreement(judge, kind, 2_000)).toBeUndefined();
});
