/** The time from the start on a cleanly stopped data directory to the first result. */
import { join } from 'node:path';

import type { Benchmark } from '../benchmark.ts';
import { ratioToFastest } from '../starters/ratio-to-fastest.ts';
import { startContestants } from '../starters/contestants.ts';

export const restart: Benchmark = {
  id: 'restart',
  title: 'Restart of a kept data directory, to the first answered query',
  unit: 'ms',
  goal: { of: 'ratio', bound: 'at most', value: 0.1 },
  rounds: 11,
  ratio: ratioToFastest,
  async run(measure, context) {
    const contestants = Object.entries(await startContestants(context));
    for (const [name, { start }] of contestants) await start(join(context.folder, name));
    return measure(
      Object.fromEntries(contestants.map(([name, { start }]) => [name, () => start(join(context.folder, name))])),
    );
  },
};
