import { migrationStatus, type MigrationState } from '@todo/db/migrate';

import { type Check, type Finding, verdict } from '../../check.ts';

export const pending: Check = {
  id: 'migrate/pending',
  title: 'Every migration is applied, as its file stands',
  method: 'The files and their journal beside the rows of drizzle.__drizzle_migrations.',
  why: 'The code expects what the files make.',
  remedy: 'pnpm db:migrate',
  severity: 'error',
  mode: 'reads',
  needs: ['connect/websocket'],
  run: ({ read }) =>
    read(async (session) => {
      const states = await migrationStatus(session);
      return verdict(states.flatMap(toFindings), `${states.length} applied`);
    }),
};

function toFindings({ name, state }: MigrationState): Finding[] {
  if (state === 'applied') return [];
  return [{ have: `${name} is ${state}`, want: `${name} is applied`, ...REMEDIES[state] }];
}

const REMEDIES: Record<Exclude<MigrationState['state'], 'applied'>, Pick<Finding, 'why' | 'fix'>> = {
  pending: {
    why: 'The code expects what this file makes. (Tables that `push` made are recognised, and only recorded.)',
    fix: 'pnpm db:migrate',
  },
  'half-applied': {
    why: 'It runs outside a transaction, and was interrupted or failed half-way.',
    fix: 'pnpm db:migrate',
  },
  edited: {
    why: 'The file was changed after it ran: databases made before and after are not equal.',
    fix: 'git checkout the file as it was, then write the change as a new migration: pnpm db:generate',
  },
  missing: {
    why: 'The journal names a file that is not there: nobody can make this database again.',
    fix: 'Restore the .sql file from git.',
  },
  unknown: {
    why: 'The database and this checkout do not share a history.',
    fix: "git pull; or this is another branch's database; or restore meta/_journal.json from git.",
  },
  'out-of-order': {
    why: "It is older than what is applied: Drizzle's own migrator would skip it for good.",
    fix: 'Delete it with its journal entry and its snapshot, then write it anew as the newest: pnpm db:generate',
  },
};
