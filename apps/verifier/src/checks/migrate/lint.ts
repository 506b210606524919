import type { DatabaseDefinition } from '@todo/migrator';
import { lintMigrations } from '@todo/migrator/lint';

import { type Check, type Finding, verdict } from '../../check.ts';
import { inMigration } from '../../source-places.ts';
import { type AppliedMigrations, appliedMigrations } from './applied-migrations.ts';

export const lint: Check = {
  id: 'migrate/lint',
  title: 'What the next migration runs is safe on a database in use',
  method: 'PostgreSQL’s own parser reads each file that this database has not run; rules judge its statements.',
  why: 'While it runs nobody can write, or data is gone, or the code that still runs fails.',
  remedy: 'Write the safe form of the statement, before it is deployed: pnpm db:check',
  severity: 'warning',
  mode: 'reads',
  needs: ['connect/websocket'],
  run: async (context) => verdict(await lintPending(await appliedMigrations(context), context.database)),
};

export async function lintPending(
  { migrations, states }: Pick<AppliedMigrations, 'migrations' | 'states'>,
  database: Pick<DatabaseDefinition, 'migrations'>,
): Promise<Finding[]> {
  const pending = states.filter(({ state }) => state === 'pending' || state === 'half-applied');
  const names = new Set(pending.map(({ name }) => name));
  const found = await lintMigrations(migrations, (name) => names.has(name));
  return found.map(({ name, line, rule, why, instead, isAdvice }): Finding => ({
    have: `${rule} in ${name}.sql`,
    want: 'a statement that is safe on a database in use',
    why,
    severity: isAdvice ? 'info' : 'warning',
    fix: `${instead}\nOr above the statement, where you know better: -- allow ${rule}: <reason>`,
    places: [inMigration(database, name, line)],
  }));
}
