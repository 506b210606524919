/** The time to get a migrated database for a test file: as a clone of a migrated template, or as an empty database that is migrated. */
import { join } from 'node:path';

import type { Benchmark } from '../benchmark.ts';
import { migrate, startLocalNeon } from '../workspace.ts';

export const branch: readonly Benchmark[] = [
  branchBenchmark('branch', 'a temporary server', () => ({})),
  branchBenchmark('branch-kept', 'a server that keeps its data', (folder) => ({ dataDir: join(folder, 'data') })),
];

function branchBenchmark(
  id: string,
  server: string,
  optionsFor: (folder: string) => Parameters<typeof startLocalNeon>[0],
): Benchmark {
  return {
    id,
    title: `A branch of a migrated template on ${server}, beside an empty one and its migrations`,
    unit: 'ms',
    goal: { of: 'ours', bound: 'at most', value: 100 },
    rounds: 15,
    ratio: ({ ours = NaN, migrations = NaN }) => ours / migrations,
    async run(measure, { folder }) {
      await using neon = await startLocalNeon(optionsFor(folder));
      await migrate((await neon.branches.create('migrated', { from: 'template1' })).url);
      // No database is deleted in between: after many deletions within a minute, ext4 searches long for the number of a new file.
      let created = 0;
      const timeToCreate = async (create: (name: string) => Promise<unknown>): Promise<number> => {
        created += 1;
        const startedAt = performance.now();
        await create(`created_${created}`);
        return performance.now() - startedAt;
      };
      return await measure({
        ours: () => timeToCreate((name) => neon.branches.create(name, { from: 'migrated' })),
        migrations: () =>
          timeToCreate(async (name) => migrate((await neon.branches.create(name, { from: 'template1' })).url)),
      });
    },
  };
}
