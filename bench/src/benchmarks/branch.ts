/** A migrated database for a test file: cloned from one that was migrated once, or migrated again. */
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
      const time = async (make: () => Promise<unknown>): Promise<number> => {
        const from = performance.now();
        await make();
        const ms = performance.now() - from;
        await neon.branches.delete('made');
        return ms;
      };
      return await measure({
        ours: () => time(() => neon.branches.create('made', { from: 'migrated' })),
        migrations: () => time(async () => migrate((await neon.branches.create('made', { from: 'template1' })).url)),
      });
    },
  };
}
