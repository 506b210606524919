/** Eight processes that migrate one database at once. */
import { emptyBranch } from '@todo/local-neon/vitest';
import { expect } from 'vitest';

import { run } from './command.ts';
import { deployedPackage } from './deployed-package.ts';
import { deployHalf, empty, expectMigrated, LONG_NAMES, longMigrations } from './long-migrations.ts';

const STATES = [
  { name: 'an empty database', prepare: empty, notes: 0, pending: LONG_NAMES },
  { name: 'a half-migrated database', prepare: deployHalf, notes: 400, pending: LONG_NAMES.slice(5) },
];

/** @returns how many races went well: it throws when a file was not applied exactly once, or a process failed. */
export async function raceEight(rounds: number): Promise<number> {
  const { url } = await emptyBranch();
  const deployed = await deployedPackage(await longMigrations());
  for (let round = 1; round <= rounds; round += 1) {
    for (const { name, prepare, notes, pending } of STATES) {
      const what = `round ${round}, ${name}`;
      await prepare(url);
      const runs = await Promise.all(Array.from({ length: 8 }, () => run(['migrate', '--json'], { ...deployed, url })));
      for (const outcome of runs) expect({ what, ...outcome }).toMatchObject({ what, exitCode: 0 });
      const applied = runs.flatMap(({ stdout }): string[] => JSON.parse(stdout).applied);
      expect({ what, applied: applied.toSorted() }).toEqual({ what, applied: pending });
      await expectMigrated(url, notes, what);
    }
  }
  return rounds * STATES.length;
}
