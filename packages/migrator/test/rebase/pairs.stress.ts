/**
 * Proves REBASE_COUNT pairs, default 20, from the seed REBASE_SEED on, default 1: a change fails only by its own fault.
 * `pnpm test:rebase --count 300 --seed 1` sets both.
 */
import { expect, test } from 'vitest';

import { openShadows } from '../../src/commands/shadow.ts';
import { provePairs } from './prove-pairs.ts';

test('random pairs of branches result in the merged schema, or the conflict is named', async () => {
  const { REBASE_COUNT = '20', REBASE_SEED = '1' } = process.env;
  await using shadows = await openShadows();
  const score = await provePairs({ count: Number(REBASE_COUNT), seed: Number(REBASE_SEED) }, shadows.open);
  process.stdout.write(
    `${score.rebased} pairs rebased, ${score.conflicting} of them with a conflict in the schema; ${score.refused} refused by name\n`,
  );
  expect(score.rebased).toBeGreaterThan(0);
});
