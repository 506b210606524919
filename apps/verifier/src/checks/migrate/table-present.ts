import { type Check, type Finding, verdict } from '../../check.ts';
import { migrationsTableProblems } from '@todo/migrator';

import { type AppliedMigrations, appliedMigrations } from './applied-migrations.ts';

export const tablePresent: Check = {
  id: 'migrate/table-present',
  title: 'The database remembers its migrations, in one place',
  method: 'Tables named __drizzle_migrations in any schema; that in `drizzle` is the one that counts.',
  why: 'Nobody knows what ran here: the next migration runs what is there already, or skips what is not.',
  remedy: 'pnpm db:migrate   # it records what `push` made, when that is what the migrations make',
  severity: 'error',
  mode: 'reads',
  needs: ['connect/websocket'],
  run: async (context) => verdict(judge(await appliedMigrations(context))),
};

function judge({ table, migrations }: AppliedMigrations): Finding[] {
  const problems = migrationsTableProblems(table, migrations).filter(({ kind }) => kind !== 'recorded-twice');
  if (table.schemas.includes('drizzle')) return problems;
  return [{ have: 'no drizzle.__drizzle_migrations', want: 'one row for each migration there' }, ...problems];
}
