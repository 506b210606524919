import { type Check, type Finding, verdict } from '../../check.ts';
import { migrationsTableProblems } from '@todo/migrator';

import { type AppliedMigrations, appliedMigrations } from './applied-migrations.ts';

export const history: Check = {
  id: 'migrate/history',
  title: 'The database ran the migrations of this checkout, each once',
  method: 'Looks for rows of drizzle.__drizzle_migrations without a file, and for two rows of one file.',
  why: 'The database and this checkout do not share a history.',
  remedy:
    'git pull, if a newer commit has the file; set DATABASE_URL, if this is the database of another branch; or restore meta/_journal.json from git.',
  mode: 'reads',
  run: async (context) => {
    const { states, table, migrations } = await appliedMigrations(context);
    const twice = migrationsTableProblems(table, migrations).filter(({ kind }) => kind === 'recorded-twice');
    return verdict([...unknownMigrations(states), ...twice]);
  },
};

function unknownMigrations(states: AppliedMigrations['states']): Finding[] {
  return states
    .filter(({ state }) => state === 'unknown')
    .map(({ name }) => ({
      have: `${name} has run or is in the folder, and the journal does not list it`,
      want: 'an entry in the journal',
    }));
}
