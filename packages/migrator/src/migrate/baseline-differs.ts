/** The error for a database without recorded migrations that differs from them, with the SQL that would make it equal. */
import { describeDifference, type Difference, type Fact, reconcileAll, type Statement } from '../catalog/index.ts';
import { MigrationError } from './migration-error.ts';

/**
 * @param have the objects of the database that the migrations create.
 * @param want all objects that the migrations create.
 */
export function baselineDiffers(
  found: readonly Difference[],
  have: readonly Fact[],
  want: readonly Fact[],
): MigrationError {
  const statements = reconcileAll(found, want, { have });
  return new MigrationError(
    'BASELINE_DIFFERS',
    [
      'The database was made by another tool or by hand, and is not what the migrations make:',
      ...found.map((difference) => `  ${describeDifference(difference)}`),
      ...(statements.length === 0 ? [] : ['This would make it equal, run in this order outside a transaction:']),
      ...statements.map(describeStatement),
      'Nothing was changed. Make it equal, by that or with `pnpm db:push`, then migrate again. What it has more and is to keep' +
        ' goes into schema.ts: what `pnpm db:generate` makes of that counts as applied, too.',
    ].join('\n'),
  );
}

/** A statement that would lose data is printed as a comment. */
function describeStatement({ sql, losesData }: Statement): string {
  return losesData === undefined ? `  ${sql};` : `  -- deletes what is in it: ${sql};`;
}
