import type { MigrationState } from '@todo/migrator';

import { type Check, type Finding, verdict } from '../../check.ts';
import { appliedMigrations } from './applied-migrations.ts';

export const pending: Check = {
  id: 'migrate/pending',
  title: 'Every migration is applied',
  method: 'The files and their journal beside the rows of drizzle.__drizzle_migrations.',
  why: 'The code expects what the files make.',
  remedy: 'pnpm db:migrate',
  severity: 'error',
  mode: 'reads',
  needs: ['connect/websocket'],
  run: async (context) => {
    const { states, table } = await appliedMigrations(context);
    if (table.fault !== undefined) return { kind: 'skip', reason: `not run: ${table.fault}` };
    context.show({ kind: 'migrations', migrations: states });
    return verdict(states.flatMap(toFindings), `${states.length} applied`);
  },
};

function toFindings({ name, state }: MigrationState): Finding[] {
  // Other checks report edited and unknown migrations.
  if (state === 'applied' || state === 'edited' || state === 'unknown') return [];
  return [
    {
      have: `${name} is ${state}`,
      want: `${name} is applied`,
      ...REMEDIES[state],
      follows: ['migrate/table-present'],
    },
  ];
}

const REMEDIES: Record<
  Exclude<MigrationState['state'], 'applied' | 'edited' | 'unknown'>,
  Pick<Finding, 'why' | 'fix'>
> = {
  pending: {
    why: 'The code expects what this file makes. (Tables that `push` made are recognised, and only recorded.)',
    fix: 'pnpm db:migrate',
  },
  'half-applied': {
    why: 'It runs outside a transaction, and was interrupted or failed half-way.',
    fix: 'pnpm db:migrate',
  },
  missing: {
    why: 'The journal names a file that is not there: nobody can make this database again.',
    fix: 'Restore the .sql file from git.',
  },
  unrecorded: {
    why: 'It was applied, as drizzle.todo_db_migrations remembers, and its row in drizzle.__drizzle_migrations is gone.',
    fix: 'Put the row back: pnpm db:migrate says more, and changes nothing.',
  },
  'out-of-order': {
    why: "It is older than what is applied: Drizzle's own migrator would skip it for good.",
    fix: 'Write it anew as the newest: pnpm db:rebase',
  },
};
