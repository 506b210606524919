import type { Round } from '../rounds.ts';

/** The ratio of our value to that of the fastest other contestant. */
export function ratioToFastest({ ours = NaN, ...others }: Round): number {
  return ours / Math.min(...Object.values(others));
}
