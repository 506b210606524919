/** The number of round trips of a read-only run. */
import type { Benchmark } from '../benchmark.ts';
import { startMigrated } from '../migrated-database.ts';
import { countRoundTrips } from '../verify/round-trips.ts';

export const verifyRoundTrips: Benchmark = {
  id: 'verify-round-trips',
  title: 'Round trips on the critical path of a read-only run, handshakes included',
  unit: 'round trips',
  goal: { of: 'ours', bound: 'at most', value: 20 },
  rounds: 3,
  async run(measure, context) {
    await using neon = await startMigrated(context);
    return await measure({ ours: () => countRoundTrips(neon.url, [], context) });
  },
};
