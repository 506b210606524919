/** A migrated database for a test file: a clone of a migrated template, or a new migration. */
import { join } from 'node:path';

import type { Benchmark } from '../benchmark.ts';
import { migrate, startLocalNeon } from '../workspace.ts';

export const branch: readonly Benchmark[] = [
  branchOf('branch', 'a temporary server', () => ({})),
  branchOf('branch-kept', 'a server that keeps its data', (folder) => ({ dataDir: join(folder, 'data') })),
];

function branchOf(
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
      let made = 0;
      const time = async (make: (name: string) => Promise<unknown>): Promise<number> => {
        made += 1;
        const from = performance.now();
        await make(`made_${made}`);
        return performance.now() - from;
      };
      return await measure({
        ours: () => time((name) => neon.branches.create(name, { from: 'migrated' })),
        migrations: () => time(async (name) => migrate((await neon.branches.create(name, { from: 'template1' })).url)),
      });
    },
  };
}
