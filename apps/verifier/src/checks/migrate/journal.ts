import { findJournalFaults } from '@todo/migrator';

import { type Check, verdict } from '../../check.ts';

export const journal: Check = {
  id: 'migrate/journal',
  title: 'Journal, files and snapshots of the migrations agree',
  method:
    'Reads journal, files and snapshots: the numbers have no gap, the dates rise, and each snapshot follows the one before.',
  why: 'Drizzle skips a migration that is older than the one before it, and reports no error. A merge of two branches can cause such an order.',
  remedy:
    'After a merge of two branches, run pnpm db:rebase: it generates your migrations again, after those of the base branch. If a file is missing, restore it from git.',
  mode: 'local',
  run: async ({ database }) => {
    const faults = await findJournalFaults(database.migrations);
    return verdict(faults.map((fault) => ({ have: fault, want: 'journal, files and snapshots that agree' })));
  },
};
