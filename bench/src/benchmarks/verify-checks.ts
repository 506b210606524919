/** The duration of all checks within a run of `verify`, on an existing database. */
import type { Benchmark } from '../benchmark.ts';
import { startMigrated } from '../migrated-database.ts';
import { verify } from '../verify/commands.ts';

export const verifyChecks: Benchmark = {
  id: 'verify-checks',
  title: 'Every check, on a local Neon that runs already',
  unit: 'ms',
  goal: { of: 'ours', bound: 'at most', value: 3000 },
  rounds: 5,
  async run(measure, context) {
    await using neon = await startMigrated(context);
    const args = ['--url', neon.url, '--write'];
    return await measure({ ours: async () => (await verify(args, context)).checksMs });
  },
};
