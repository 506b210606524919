/** Runs the migrations again on a database that has them all, as each deploy does. The second run must change nothing. */
import { describeDifference, type Fact } from '@todo/migrator/catalog';
import { migrate, MigrationError } from '@todo/migrator';

import type { Finding } from '../../check.ts';
import { differencesBetween, readCatalogAt } from '../../schema-comparison.ts';

/** Runs the migrations again, and returns a finding for each change. `before` is the catalog before that run. */
export async function runAgain(url: string, migrations: string, before: readonly Fact[]): Promise<Finding[]> {
  const appliedAgain = await runOnce(url, migrations);
  const changes = differencesBetween(await readCatalogAt(url), before).map(describeDifference);
  return [...appliedAgain, ...changes].map(toFinding);
}

function toFinding(have: string): Finding {
  return {
    have: `a second run: ${have}`,
    want: 'a second run that does nothing',
    why: 'Each deploy runs the migrations again: the next deploy would fail, or change rows a second time.',
    fix: 'Remove each statement of a migration that writes to the schema `drizzle`, whose tables record the applied migrations.',
  };
}

/** Describes each migration that runs or is recorded again, or the error of the run. */
async function runOnce(url: string, migrations: string): Promise<string[]> {
  try {
    const { applied, baselined } = await migrate(url, migrations);
    return [...applied.map((name) => `${name} ran again`), ...baselined.map((name) => `${name} was recorded again`)];
  } catch (error) {
    if (error instanceof MigrationError) return [error.message];
    throw error;
  }
}
