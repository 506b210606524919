/** Proves random pairs of branches: after the rebase the migrations create the merged schema, or the contradiction is named. */
import { assert, asyncProperty, boolean, record } from 'fast-check';

import type { Shadow } from '../../src/index.ts';
import { changes } from './change.ts';
import { rebasePair } from './rebase-pair.ts';

export interface PairScore {
  rebased: number;
  /** The number of pairs in which both branches changed the same object. */
  conflicting: number;
  refused: number;
}

const pair = record({ theirs: changes, mine: changes, isMineLast: boolean() });

/** @throws with the seed and the smallest pair that fails. */
export async function provePairs(
  options: { readonly count: number; readonly seed?: number },
  openShadow: () => Promise<Shadow>,
): Promise<PairScore> {
  const { count, seed } = options;
  const score: PairScore = { rebased: 0, conflicting: 0, refused: 0 };
  await assert(
    asyncProperty(pair, async (drawn) => {
      const { refusal, isConflicting } = await rebasePair(drawn, openShadow);
      if (refusal !== undefined && !isConflicting) throw new Error(`Refused without a conflict: ${refusal}`);
      if (refusal !== undefined && !NAMED.test(refusal)) throw new Error(`The conflict is not named: ${refusal}`);
      if (refusal !== undefined) score.refused += 1;
      else score.rebased += 1;
      if (refusal === undefined && isConflicting) score.conflicting += 1;
    }),
    { numRuns: count, ...(seed !== undefined && { seed }) },
  );
  return score;
}

/** Messages that name an object that both changed, or a question about a rename. */
const NAMED = /"(note|task|tag|log|mood|idx_\w+)"|(column|index|table|type) "?\w+|an object is new, or renamed/;
