/** The time from the start on a cleanly stopped data directory to the first result. */
import { join } from 'node:path';

import type { Benchmark } from '../benchmark.ts';
import { startContestants, startPostgres } from '../starters/contestants.ts';
import { ratioToFastest } from '../starters/ratio-to-fastest.ts';

export const restart: Benchmark = {
  id: 'restart',
  title: 'Restart of a kept data directory, to the first result',
  unit: 'ms',
  goal: { of: 'ratio', bound: 'at most', value: 0.1 },
  rounds: 11,
  // PostgreSQL alone is shown as the limit. The ratio is that to the fastest other contestant.
  ratio: (round) => ratioToFastest(Object.fromEntries(Object.entries(round).filter(([name]) => name !== 'postgres'))),
  async run(measure, context) {
    const contestants = Object.entries({ ...(await startContestants(context)), postgres: startPostgres });
    for (const [name, { start }] of contestants) await start(join(context.folder, name));
    return measure(
      Object.fromEntries(contestants.map(([name, { start }]) => [name, () => start(join(context.folder, name))])),
    );
  },
};
