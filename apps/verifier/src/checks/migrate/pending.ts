import type { Migration, MigrationState } from '@todo/migrator';

import { type Check, type Finding, verdict } from '../../check.ts';
import { appliedMigrations } from './applied-migrations.ts';

export const pending: Check = {
  id: 'migrate/pending',
  title: 'Every migration is applied',
  method: 'Compares the files and the journal with the rows of drizzle.__drizzle_migrations.',
  why: 'The code uses tables and columns that the pending files create.',
  remedy: 'pnpm db:migrate',
  mode: 'reads',
  run: async (context) => {
    const { states, table, migrations } = await appliedMigrations(context);
    if (table.fault !== undefined) return { kind: 'skip', reason: `not run: ${table.fault}` };
    context.show({ kind: 'migrations', migrations: states });
    const findings = states.flatMap((state) => toFindings(state, migrations));
    return verdict(findings, `${states.length} applied`);
  },
};

function toFindings({ name, state }: MigrationState, migrations: readonly Migration[]): Finding[] {
  // Other checks report edited and unknown migrations.
  if (state === 'applied' || state === 'edited' || state === 'unknown') return [];
  return [
    {
      have: `${name} is ${state}`,
      want: `${name} is applied`,
      ...REMEDIES[state],
      ...(state === 'unrecorded' && { fix: insertRowSql(migrations.find((migration) => migration.name === name)) }),
      follows: ['migrate/table-present'],
    },
  ];
}

/** The statement that inserts the missing row of an applied migration. Its file exists: otherwise its state would be `missing`. */
function insertRowSql({ createdAt, file }: Partial<Migration> = {}): string {
  return `INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('${file?.hash}', ${createdAt});`;
}

type Unapplied = Exclude<MigrationState['state'], 'applied' | 'edited' | 'unknown'>;

const REMEDIES: Record<Unapplied, Pick<Finding, 'why' | 'fix'>> = {
  pending: {
    why: 'The code may need the change of this migration. (If `push` has applied it to a database without recorded migrations, db:migrate only records it.)',
  },
  'half-applied': {
    why: 'This migration runs outside a transaction, and was interrupted or failed half-way.',
  },
  missing: {
    why: 'The journal names a file that does not exist: no other database can be migrated like this one.',
    fix: 'Restore the .sql file from git.',
  },
  unrecorded: {
    why: 'The migration was applied, according to drizzle.todo_db_migrations, but its row in drizzle.__drizzle_migrations is missing: pnpm db:migrate stops before its first statement.',
  },
  'out-of-order': {
    why: "The migration is older than an applied one: Drizzle's own migrator would never run it.",
    fix: 'Generate it again as the newest migration: pnpm db:rebase',
  },
};
