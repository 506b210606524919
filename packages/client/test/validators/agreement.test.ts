/** Compares every validator with PostgreSQL, on 30,000 generated values in each run. */
import { testBranch } from '@todo/local-neon/vitest';
import { afterAll, expect, test } from 'vitest';

import { disagreement } from './agreement.ts';
import { openJudge } from './judge.ts';
import { createKinds, KINDS } from './kinds.ts';

const { url } = await testBranch();
await createKinds(url);
const judge = await openJudge(url);
afterAll(() => judge[Symbol.asyncDispose]());

test.each(KINDS)(
  '%s: a value is accepted if and only if PostgreSQL stores it and returns it unchanged',
  async (kind) => {
    expect(await disagreement(judge, kind, 300)).toBeUndefined();
  },
);
