/** How often a read-only run of the verifier waits for its database, one answer after the other. */
import type { Context } from '../benchmark.ts';
import { verify } from './commands.ts';
import { openFarAway } from './far-away.ts';

/** Both so long that what the checks compute hides in the shorter one. */
const SHORT_MS = 300;
const LONG_MS = 600;

/**
 * Three to ask whether that is a Neon at all, which on Neon's own hosts nobody asks; less the one that `connect/reach` takes there,
 * and here is answered by the door.
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
