/** The error for a database without recorded migrations that differs from them, with the SQL that ends each difference. */
import { describeDifference, type Difference, type Fact, reconcileAll, type Statement } from '../catalog/index.ts';
import { MigrationError } from './migration-error.ts';

/**
 * @param have the objects of the database that the migrations create.
 * @param want all objects that the migrations create.
 */
export function baselineDiffersError(
  differences: readonly Difference[],
  have: readonly Fact[],
  want: readonly Fact[],
): MigrationError {
  const statements = reconcileAll(differences, want, { have });
  const heading =
    'These statements make the database equal to the migrations. Run them in this order, outside a transaction:';
  return new MigrationError(
    'BASELINE_DIFFERS',
    [
      'The schema was created by another tool or manually, and differs from the schema of the migrations:',
      ...differences.map((difference) => `  ${describeDifference(difference)}`),
      ...(statements.length === 0 ? [] : [heading, ...statements.map(describeStatement)]),
      `Nothing was changed. ${statements.length === 0 ? 'Remove these differences manually' : 'Run these statements or `pnpm db:push`'}, then migrate again.` +
        ' To keep an additional object, add it to the schema in the code and run `pnpm db:generate`: that migration is then recorded as applied, too.',
    ].join('\n'),
  );
}

/** A statement that would lose data is printed as a comment. */
function describeStatement({ sql, losesData }: Statement): string {
  return losesData === undefined ? `  ${sql};` : `  -- deletes data: ${sql};`;
}
