import type { DatabaseDefinition } from '@todo/migrator';
import { lintMigrations } from '@todo/migrator/lint';

import { type Check, type Finding, verdict } from '../../check.ts';
import { migrationPlace } from '../../source-places.ts';
import { type AppliedMigrations, appliedMigrations } from './applied-migrations.ts';

export const lint: Check = {
  id: 'migrate/lint',
  title: 'Pending migrations are safe to run on a database in use',
  method: 'Parses each pending migration with PostgreSQL’s parser, and applies the lint rules to its statements.',
  why: 'The migration blocks writes, loses data, or breaks the version of the application that is still running.',
  remedy: 'Replace the statement by its safe form before the migration is deployed: pnpm db:check lists both.',
  severity: 'warning',
  mode: 'reads',
  run: async (context) => verdict(await lintPending(await appliedMigrations(context), context.database)),
};

export async function lintPending(
  { migrations, states }: Pick<AppliedMigrations, 'migrations' | 'states'>,
  database: Pick<DatabaseDefinition, 'migrations'>,
): Promise<Finding[]> {
  const pending = states.filter(({ state }) => state === 'pending' || state === 'half-applied');
  const names = new Set(pending.map(({ name }) => name));
  const violations = await lintMigrations(migrations, (name) => names.has(name));
  return violations.map(({ name, line, rule, why, instead, isAdvice }): Finding => ({
    have: `${rule} in ${name}.sql`,
    want: 'a statement that is safe on a database in use',
    why,
    severity: isAdvice ? 'info' : 'warning',
    fix: `${instead}\nIf the statement is safe on this table, write above it: -- allow ${rule}: <reason>`,
    places: [migrationPlace(database, name, line)],
  }));
}
