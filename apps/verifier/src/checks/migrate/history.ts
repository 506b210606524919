import { type Check, type Finding, verdict } from '../../check.ts';
import { migrationsTableProblems } from '@todo/migrator';

import { type AppliedMigrations, appliedMigrations } from './applied-migrations.ts';

export const history: Check = {
  id: 'migrate/history',
  title: 'The database ran what this checkout has, each once',
  method: 'Rows of drizzle.__drizzle_migrations that no file stands for, and two rows for one file.',
  why: 'The database and this checkout do not share a history.',
  remedy: 'git pull; or this is another branch’s database; or restore meta/_journal.json from git.',
  severity: 'error',
  mode: 'reads',
  needs: ['connect/websocket'],
  run: async (context) => {
    const { states, table, migrations } = await appliedMigrations(context);
    const twice = migrationsTableProblems(table, migrations).filter(({ kind }) => kind === 'recorded-twice');
    return verdict([...unknown(states), ...twice]);
  },
};

function unknown(states: AppliedMigrations['states']): Finding[] {
  return states
    .filter(({ state }) => state === 'unknown')
    .map(({ name }) => ({
      have: `${name} ran, or lies in the folder, and the journal does not know it`,
      want: 'one history',
    }));
}
