/** Counts the round trips of a read-only run of the verifier that follow each other. Round trips at the same time count once. */
import type { Context } from '../benchmark.ts';
import { verify } from './commands.ts';
import { openFarAway } from './far-away.ts';

/** The two delays. Even the shorter one is longer than the computing time of the checks. */
const SHORT_MS = 300;
const LONG_MS = 600;

/**
 * The additional round trips of a host outside Neon: three to detect Neon's protocol, minus one of `connect/reach`, to which the relay
 * responds on this machine.
 */
const ROUND_TRIPS_OUTSIDE_NEON = 2;

/**
 * Runs the verifier with two delays. The difference of the durations, divided by the difference of the delays, is the number of round trips.
 * @param args further options of the verifier.
 */
export async function countRoundTrips(
  url: string,
  args: readonly string[],
  context: Pick<Context, 'folder'>,
): Promise<number> {
  const timeAt = async (roundTripMs: number): Promise<number> => {
    await using far = await openFarAway(url, roundTripMs);
    return (await verify(['--url', far.url, ...args], context)).wholeMs;
  };
  return ((await timeAt(LONG_MS)) - (await timeAt(SHORT_MS))) / (LONG_MS - SHORT_MS) - ROUND_TRIPS_OUTSIDE_NEON;
}
