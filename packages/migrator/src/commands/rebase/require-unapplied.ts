/** Refuses a rebase of migrations that the database of the environment has applied: such migrations must not change. */
import { createHash } from 'node:crypto';

import { loadEnvironment } from '@todo/client/environment';

import { maskUrl } from '../../connection/index.ts';
import { readMigrationRows } from '../../migrate/migrations-table.ts';
import { readRunRecords } from '../../migrate/run-record.ts';
import { connect } from '../connect.ts';
import { explainConnection } from '../connection-failure.ts';
import { findConfiguredUrl } from '../database.ts';
import { CommandFailure, EXIT, refusal } from '../failure.ts';
import { rethrowAsCommandFailure } from '../migrate.ts';
import { printToStderr } from '../output.ts';
import type { BranchMigration } from './branch-migrations.ts';

/** Refuses migrations that the database of the environment has applied. Refuses none if there is no such database, or it is unreachable. */
export async function requireUnapplied(branchMigrations: readonly BranchMigration[]): Promise<void> {
  const url = findConfiguredUrl(loadEnvironment(), 'schema');
  if (url === undefined) return;
  const applied = await findApplied(url, branchMigrations).catch((error: unknown) => {
    const failure = explainConnection(error, url);
    if (!(failure instanceof CommandFailure) || failure.exitCode !== EXIT.couldNotConnect) throw failure;
    printToStderr(`${failure.message}\nCould not check which migrations this database has applied.`);
    return [];
  });
  if (applied.length === 0) return;
  throw refusal(
    `${maskUrl(url)} has applied ${applied.join(', ')}, and a rebase would give them other numbers.\n` +
      'Applied migrations must not change: merge this branch into the base branch first, and rebase the other branch.\n' +
      'If the database is for development only: `DATABASE_URL= pnpm db:rebase` checks no database, and `pnpm db:reset` recreates it afterwards.',
  );
}

/** The tags of the applied ones. The migrations table has no names: a row is found by the time in the journal, or by the SQL's hash. */
async function findApplied(url: string, branchMigrations: readonly BranchMigration[]): Promise<string[]> {
  await using session = await connect(url);
  const rows = await readMigrationRows(session).catch(rethrowAsCommandFailure);
  const records = await readRunRecords(session);
  const times = new Set([...rows, ...records].map(({ createdAt }) => createdAt));
  const hashes = new Set(rows.map(({ hash }) => hash));
  const isApplied = ({ origin, sql }: BranchMigration) =>
    (origin !== undefined && times.has(origin.when)) || hashes.has(createHash('sha256').update(sql).digest('hex'));
  return branchMigrations.filter(isApplied).map(({ tag }) => tag);
}
