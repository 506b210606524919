import type { Round } from '../rounds.ts';

/** The ratio of our value to that of the fastest peer. */
export function ratioToFastest({ ours = NaN, ...peers }: Round): number {
  return ours / Math.min(...Object.values(peers));
}
