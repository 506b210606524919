import type { Round } from '../rounds.ts';

/** Ours in proportion to the faster of the peers. */
export function besideTheFastest({ ours = NaN, ...peers }: Round): number {
  return ours / Math.min(...Object.values(peers));
}
