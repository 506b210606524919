/** How a database that cannot be adopted differs from what the migrations make, and the SQL that would make it equal. */
import { createTable } from '../catalog/create-table.ts';
import { describeDifference, type Difference, type Fact, reconcile } from '../catalog/index.ts';
import { alter, quoted } from '../catalog/quoted.ts';
import { MigrationError } from './migration-error.ts';

/** @param want all that the migrations make. */
export function baselineDiffers(found: readonly Difference[], want: readonly Fact[]): MigrationError {
  const lines: string[] = [];
  for (const difference of inOrder(found, want)) {
    lines.push(`  ${describeDifference(difference)}`, ...remedyFor(difference, want).map((line) => `      ${line}`));
  }
  return new MigrationError(
    'ADOPTION_DIFFERS',
    [
      'The database was made by another tool or by hand, and is not what the migrations make:',
      ...lines,
      'Nothing was changed. Make it equal, by what is indented above (outside a transaction) or with `pnpm db:push`, then' +
        ' migrate again. What it has more and is to keep goes into schema.ts: what `pnpm db:generate` makes of that is adopted, too.',
    ].join('\n'),
  );
}

/** Missing tables first, without their foreign keys, which come when all tables are there. */
function inOrder(found: readonly Difference[], want: readonly Fact[]): Difference[] {
  const tables = found.filter(isMissingTable);
  const missing = new Set(tables.map(({ table }) => table));
  const keys = want.filter(
    ({ kind, table, attributes }) =>
      kind === 'constraint' && missing.has(table) && attributes['constraintType'] === 'foreign key',
  );
  const added = keys.map(({ kind, schema, table, name, attributes: { definition = '' } }): Difference => {
    return { kind, schema, table, name, change: 'missing', want: definition };
  });
  return [...tables, ...found.filter((difference) => !isMissingTable(difference)), ...added];
}

/** A statement a line. One that would delete what somebody wrote is a comment. */
function remedyFor(difference: Difference, want: readonly Fact[]): string[] {
  const { kind, table, name, change } = difference;
  if (isMissingTable(difference)) return createTable(table, want).map((statement) => `${statement};`);
  if (kind === 'column' && change === 'extra') {
    return [`-- deletes what is in it: ${alter(table)} DROP COLUMN ${quoted(name)};`];
  }
  return reconcile(difference, want).map((statement) => `${statement};`);
}

function isMissingTable({ kind, change }: Difference): boolean {
  return kind === 'table' && change === 'missing';
}
