/** Compares every validator with PostgreSQL, on 30,000 generated values for each column. */
import { testBranch } from '@todo/local-neon/vitest';
import { afterAll, expect, test } from 'vitest';

import { AGREEMENTS, disagreement } from './agreement.ts';
import { columnJudge } from './column-verdicts.ts';

const { url } = await testBranch();
const judge = await columnJudge(url);
afterAll(() => judge[Symbol.asyncDispose]());

test.each(AGREEMENTS.map((agreement) => [agreement.name, agreement] as const))('%s', async (_, agreement) => {
  for (let round = 0; round < 10; round++) {
    expect(await disagreement(judge, agreement, 3_000)).toBeUndefined();
  }
});
