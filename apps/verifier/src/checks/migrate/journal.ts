import { findChainFaults } from '@todo/migrator';

import { type Check, verdict } from '../../check.ts';

export const journal: Check = {
  id: 'migrate/journal',
  title: 'The migrations folder is whole',
  method:
    'Journal, files and snapshots: numbers without a gap, dates that rise, each snapshot on top of the one before.',
  why: 'Drizzle skips what is older than the one before it, silently; two branches that were merged look like that.',
  remedy: 'Delete the younger migration with its journal entry and its snapshot, then write it anew: pnpm db:generate',
  severity: 'error',
  mode: 'local',
  run: async ({ database }) => {
    const faults = await findChainFaults(database.migrations);
    return verdict(faults.map((fault) => ({ have: fault, want: 'one story, from the first migration to the last' })));
  },
};
