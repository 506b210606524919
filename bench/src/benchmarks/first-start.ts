/** The time from an empty data folder to the first result. */
import { join } from 'node:path';

import type { Benchmark } from '../benchmark.ts';
import { startContestants } from '../starters/contestants.ts';
import { ratioToFastest } from '../starters/ratio-to-fastest.ts';

export const firstStart: Benchmark = {
  id: 'first-start',
  title: 'First start, to the first result',
  unit: 'ms',
  goal: { of: 'ratio', bound: 'at most', value: 0.5 },
  rounds: 7,
  ratio: ratioToFastest,
  async run(measure, context) {
    let folders = 0;
    const contestants = Object.entries(await startContestants(context));
    return measure(
      Object.fromEntries(
        contestants.map(([name, { start }]) => [name, () => start(join(context.folder, `${name}-${(folders += 1)}`))]),
      ),
    );
  },
};
