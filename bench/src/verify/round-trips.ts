/** Counts the round trips of a read-only run of the verifier that follow each other. */
import type { Context } from '../benchmark.ts';
import { verify } from './commands.ts';
import { openFarAway } from './far-away.ts';

/** Two delays. Even the shorter one exceeds the computing time of the checks. */
const SHORT_MS = 300;
const LONG_MS = 600;

/**
 * The round trips that only a host outside Neon needs: three to detect Neon's protocol, minus one of `connect/reach`,
 * to which the relay responds here.
 */
const ONLY_HERE = 2;

/** @param args further options of the verifier. */
export async function countRoundTrips(
  url: string,
  args: readonly string[],
  context: Pick<Context, 'folder'>,
): Promise<number> {
  const timeAt = async (roundTripMs: number): Promise<number> => {
    await using far = await openFarAway(url, roundTripMs);
    return (await verify(['--url', far.url, ...args], context)).wholeMs;
  };
  return ((await timeAt(LONG_MS)) - (await timeAt(SHORT_MS))) / (LONG_MS - SHORT_MS) - ONLY_HERE;
}
