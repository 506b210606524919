import { type Check, type Finding, verdict } from '../../check.ts';
import { migrationsTableProblems } from '@todo/migrator';

import { type AppliedMigrations, appliedMigrations } from './applied-migrations.ts';

export const tablePresent: Check = {
  id: 'migrate/table-present',
  title: 'The database has one migrations table',
  method: 'Looks for tables named __drizzle_migrations in all schemas; the one in `drizzle` is used.',
  why: 'The applied migrations are unknown: the next run repeats applied ones or skips pending ones.',
  remedy: 'pnpm db:migrate   # records the migrations as applied if `push` has created the same schema',
  mode: 'reads',
  run: async (context) => verdict(toFindings(await appliedMigrations(context))),
};

function toFindings({ table, migrations }: AppliedMigrations): Finding[] {
  const problems = migrationsTableProblems(table, migrations).filter(({ kind }) => kind !== 'recorded-twice');
  if (table.schemas.length > 0) return problems;
  return [{ have: 'no drizzle.__drizzle_migrations', want: 'this table, a row per migration' }];
}
