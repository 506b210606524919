/** Runs one benchmark and returns its result. */
import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Benchmark, Context, Goal, Result } from './benchmark.ts';
import { median, measureRounds } from './rounds.ts';
import { removeLocalNeon } from './workspace.ts';

export async function runBenchmark(benchmark: Benchmark, context: Omit<Context, 'folder'>): Promise<Result> {
  const folder = await createFolder();
  try {
    const rounds = await benchmark.run(
      (contestants) => measureRounds(contestants, { rounds: benchmark.rounds, note: context.note }),
      {
        ...context,
        folder,
      },
    );
    const { id, title, unit, goal } = benchmark;
    const names = Object.keys(rounds[0] ?? {});
    const values = Object.fromEntries(names.map((name) => [name, median(rounds.map((round) => round[name] ?? NaN))]));
    // The median of the ratios, not the ratio of the medians: within a round, all contestants ran under the same load.
    const ratio =
      benchmark.ratio && names.length > 1 ? median(rounds.map((round) => benchmark.ratio?.(round) ?? NaN)) : null;
    const measured = goal?.of === 'ours' ? (values['ours'] ?? NaN) : ratio;
    return {
      id,
      title,
      unit,
      values,
      ratio,
      goal: goal ? describeGoal(goal, unit) : null,
      holds: goal && measured !== null ? isReached(goal, measured) : null,
    };
  } finally {
    await removeFolder(folder);
  }
}

function isReached({ bound, value }: Goal, measured: number): boolean {
  return bound === 'at most' ? measured <= value : measured >= value;
}

function describeGoal({ of, bound, value }: Goal, unit: string): string {
  return of === 'ours' ? `${bound} ${value} ${unit}` : `ratio ${bound} ${value}`;
}

/** Creates a folder, on a disk if possible: `/tmp` is often in memory. Every user may write in it, because PostgreSQL does not run as root. */
async function createFolder(): Promise<string> {
  const parent = await stat('/var/tmp').then(
    () => '/var/tmp',
    () => tmpdir(),
  );
  const folder = await mkdtemp(join(parent, 'bench-'));
  await chmod(folder, 0o1777);
  return folder;
}

/** Removes data directories and other files that the benchmarks left in the folder. */
async function removeFolder(folder: string): Promise<void> {
  for (const entry of await readdir(folder)) await removeLocalNeon(join(folder, entry));
  await rm(folder, { recursive: true, force: true });
}
