/** One comparison, many guarantees: each check is a row of this table, and names one way in which a schema can differ. */
import { LocalNeonError } from '@todo/local-neon';

import { type Check, type Context, type Outcome, type Severity, verdict } from '../../check.ts';
import { idOf, type SchemaId } from './classify.ts';
import { toFinding } from './to-finding.ts';

/** In the order of the report. */
const GUARANTEES: Record<SchemaId, readonly [severity: Severity, title: string, why: string]> = {
  'schema/table-missing': ['error', 'Every table that the code uses exists', 'Each query on it fails with 42P01.'],
  'schema/table-extra': [
    'warning',
    'There is no table that the code does not know',
    'Nobody maintains it, and the next `push` offers to drop it with its rows.',
  ],
  'schema/relation-kind': [
    'error',
    'Tables are ordinary and permanent',
    'An unlogged table is emptied by a crash; a view or a partition behaves in other ways than the code expects.',
  ],
  'schema/table-options': [
    'warning',
    'Tables are stored as PostgreSQL does by itself',
    'Somebody tuned this by hand: a new database will not have it.',
  ],
  'schema/column-missing': ['error', 'Every column that the code uses exists', 'Queries on it fail with 42703.'],
  'schema/column-extra': [
    'warning',
    'There is no column that the code does not know',
    'Nothing ever writes it, and the next `push` offers to drop it.',
  ],
  'schema/column-type': [
    'error',
    'Columns have the type, the length and the collation that the code says',
    'Values that the validators let through are refused, cut or sorted in another way.',
  ],
  'schema/column-nullability': [
    'error',
    'NOT NULL stands where the code says, and only there',
    'The code meets a null that its types exclude, or an insert without a value fails with 23502.',
  ],
  'schema/column-default': [
    'error',
    'Defaults are those of the code',
    'A row that leaves the column out gets another value, or fails with 23502.',
  ],
  'schema/column-order': [
    'warning',
    'Columns stand in the order of the code',
    'Harmless, but for an INSERT without a list of columns and for COPY.',
  ],
  'schema/primary-key': ['error', 'The primary keys are those of the code', 'Two rows can have one id, or none.'],
  'schema/index-missing': [
    'error',
    'Every index of the code exists',
    'Reads, and the cascade, scan the whole table; a missing unique index lets duplicates in.',
  ],
  'schema/index-extra': [
    'warning',
    'There is no index that the code does not know',
    'Each write maintains it, and nobody knows whether it is needed.',
  ],
  'schema/index-definition': [
    'error',
    'Indexes cover what the code says',
    'Queries pass it by, or its uniqueness promises something else.',
  ],
  'schema/index-invalid': [
    'error',
    'Every index is complete and in use',
    'A build that failed left it behind: no query reads it, and its uniqueness has holes.',
  ],
  'schema/fk-missing': ['error', 'Every foreign key of the code exists', 'Rows can point to an owner who is gone.'],
  'schema/fk-definition': [
    'error',
    'Foreign keys point where the code says and act as it says',
    'Deleting an owner fails, or leaves orphans, instead of what the code counts on.',
  ],
  'schema/constraint-missing': [
    'error',
    'Check, unique and exclusion constraints stand as in the code',
    'Rows get in that the code excludes.',
  ],
  'schema/constraint-not-valid': [
    'error',
    'Every constraint is validated and enforced',
    'Rows from before it may break it; the planner does not believe it.',
  ],
  'schema/constraint-extra': [
    'error',
    'There is no constraint that the code does not know',
    'Writes fail for a reason that the code cannot name.',
  ],
  'schema/name': [
    'warning',
    'Indexes and constraints bear the names of the code',
    'Errors are understood by these names, and migrations use them.',
  ],
  'schema/sequence': [
    'error',
    'Ids come from sequences that belong to their columns',
    'Ids run out, repeat, or stay behind when the table goes.',
  ],
};

export const schemaChecks: readonly Check[] = Object.entries(GUARANTEES).map(([id, [severity, title, why]]) => ({
  id,
  title,
  severity,
  mode: 'reads',
  needs: ['connect/websocket'],
  run: (context) => compare(id as SchemaId, why, context),
}));

async function compare(id: SchemaId, why: string, { compareSchema }: Context): Promise<Outcome> {
  try {
    const comparison = await compareSchema();
    const own = comparison.differences.filter((difference) => idOf(difference, comparison) === id);
    return verdict(own.map((difference) => toFinding(difference, why, comparison)));
  } catch (error) {
    if (!(error instanceof LocalNeonError)) throw error;
    return { kind: 'skip', reason: `no local Neon to compare with: ${error.message}` };
  }
}
