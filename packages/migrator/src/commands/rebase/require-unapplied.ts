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

/** Queries no database if the environment names none. If the database cannot be reached, prints that and returns. */
export async function requireUnapplied(own: readonly BranchMigration[]): Promise<void> {
  const url = findConfiguredUrl(loadEnvironment(), 'schema');
  if (url === undefined) return;
  const applied = await findApplied(url, own).catch((error: unknown) => {
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

async function findApplied(url: string, own: readonly BranchMigration[]): Promise<string[]> {
  await using session = await connect(url);
  const rows = await readMigrationRows(session).catch(rethrowAsCommandFailure);
  const records = await readRunRecords(session);
  const times = new Set([...rows, ...records].map(({ createdAt }) => createdAt));
  const hashes = new Set(rows.map(({ hash }) => hash));
  const isApplied = ({ origin, sql }: BranchMigration) =>
    (origin !== undefined && times.has(origin.when)) || hashes.has(createHash('sha256').update(sql).digest('hex'));
  return own.filter(isApplied).map(({ tag }) => tag);
}
