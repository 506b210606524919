/** How often a read-only run waits for a database that is far away. */
import type { Benchmark } from '../benchmark.ts';
import { startMigrated } from '../migrated-database.ts';
import { verify } from '../verify/commands.ts';
import { openFarAway } from '../verify/far-away.ts';

/** Both so long that what the checks compute hides in the shorter one. */
const SHORT_MS = 300;
const LONG_MS = 600;

/**
 * Three to ask whether that is a Neon at all, which on Neon's own hosts nobody asks; less the one that `connect/reach` takes there,
 * and here is answered by the door.
 */
const ONLY_HERE = 2;

export const verifyRoundTrips: Benchmark = {
  id: 'verify-round-trips',
  title: 'Round trips on the critical path of a read-only run, handshakes included',
  unit: 'round trips',
  goal: { of: 'ours', bound: 'at most', value: 20 },
  rounds: 3,
  async run(measure, context) {
    await using neon = await startMigrated(context);
    const timeAt = async (roundTripMs: number): Promise<number> => {
      await using far = await openFarAway(neon.url, roundTripMs);
      return (await verify(['--url', far.url], context)).wholeMs;
    };
    return await measure({
      ours: async () => ((await timeAt(LONG_MS)) - (await timeAt(SHORT_MS))) / (LONG_MS - SHORT_MS) - ONLY_HERE,
    });
  },
};
