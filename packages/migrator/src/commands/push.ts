/** `push`: changes a database to match the schema in the code without a migration, for development. */
import type { Client } from 'pg';

import { describeDifference, type Difference, readCatalog, type Statement } from '../catalog/index.ts';
import { isLocal, maskUrl, readTarget } from '../connection/index.ts';
import { displayName } from '../catalog/quoted.ts';
import type { DatabaseDefinition } from '../database-definition.ts';
import { withClient } from './connect.ts';
import { withDatabase } from './database.ts';
import { CommandFailure, EXIT, refusal } from './failure.ts';
import { indentLines, printToStderr, print } from './output.ts';
import { askRenames } from './push/ask-renames.ts';
import type { Loss } from './push/losses.ts';
import { pushInTransaction } from './push/push-in-transaction.ts';
import { findPossibleRenames } from './push/renames.ts';
import { missingRoleStatements } from './push/roles.ts';
import { compareWithSchema } from './schema/compare-with-schema.ts';
import { requireWritableSchema } from './schema/schema-faults.ts';
import { readWantedCatalog } from './schema/wanted-catalog.ts';
import { openShadow } from './shadow.ts';

export interface PushOptions {
  /** Also run statements that lose data. */
  readonly force?: boolean;
  /** Also push to a database that is neither on this machine nor has `dev` in its name. */
  readonly forceRemote?: boolean;
}

/**
 * Prints the statements and runs them in one transaction. If data would be lost, the command prints the number of rows and does nothing,
 * unless `force` is set. Afterwards the database equals the schema, or the command fails and lists the differences.
 */
export async function runPush(database: DatabaseDefinition, options: PushOptions): Promise<void> {
  const { force = false, forceRemote = false } = options;
  await requireWritableSchema(database);
  await withDatabase('schema', async (url, signal) => {
    if (!forceRemote && !isLocal(url) && !isNamedForDevelopment(url)) throw remoteDatabaseError(url);
    await withClient(url, (client) => pushSchema(client, database, { force, signal }));
  });
}

/** Whether the database's name contains the word `dev` or `development`, such as `todo_dev`. */
function isNamedForDevelopment(url: string): boolean {
  return /(^|[^a-z])dev(elopment)?([^a-z]|$)/i.test(readTarget(url).database);
}

function remoteDatabaseError(url: string): CommandFailure {
  return refusal(
    `${maskUrl(url)} is not on this machine, and the name of the database contains neither the word "dev" nor "development".\n` +
      'A push writes no migration. For a database that others use, run `pnpm db:generate` and `pnpm db:migrate`.\n' +
      'To push to this database, run the command with --force-remote.',
  );
}

interface PushRun {
  readonly force: boolean;
  readonly signal: AbortSignal;
}

/** Compares the database with the schema, and runs the statements that remove the differences. */
async function pushSchema(client: Client, database: DatabaseDefinition, { force, signal }: PushRun): Promise<void> {
  const have = await readCatalog(client);
  const want = await readWantedCatalog(database, openShadow, have);
  const { differences, leftAlone } = compareWithSchema(have, want);
  if (leftAlone.length > 0) process.stderr.write(describeLeftAlone(leftAlone));
  const roles = await missingRoleStatements(client, database);
  if (differences.length === 0 && roles.length === 0) {
    return print('No changes: the database equals the schema.');
  }
  const renames = await askRenames(findPossibleRenames(differences, have, want), signal);
  await pushInTransaction(client, { have, want, renames, roles }, (statements, losses) => {
    if (losses.length > 0) process.stderr.write(describeLosses(losses));
    if (losses.length > 0 && !force) throw losesDataError(statements);
    process.stdout.write(formatStatements(statements));
  });
  const remaining = compareWithSchema(await readCatalog(client), want).differences;
  if (remaining.length > 0) throw differencesRemainError(remaining);
  printToStderr('The database equals the schema.');
}

/** Lists the names of the objects that the push does not touch. */
function describeLeftAlone(leftAlone: readonly Difference[]): string {
  const names = leftAlone.map(({ kind, schema, table, name }) => `${kind} ${displayName(schema, table, name)}`);
  return `Left unchanged, because a Drizzle schema cannot define it: ${[...new Set(names)].join(', ')}\n`;
}

function describeLosses(losses: readonly Loss[]): string {
  return `This data is deleted:\n${indentLines(losses.map(({ sql, lostData }) => `${lostData}  (${sql})`))}`;
}

function losesDataError(statements: readonly Pick<Statement, 'sql'>[]): CommandFailure {
  return refusal(
    `these statements lose data.\n${formatStatements(statements)}To delete this data, run the command with --force.`,
  );
}

function differencesRemainError(differences: readonly Difference[]): CommandFailure {
  const lines = indentLines(differences.map(describeDifference)).trimEnd();
  return new CommandFailure(
    EXIT.failed,
    `The statements were applied, but the database still differs from the schema:\n${lines}\nChange these objects with SQL.`,
  );
}

function formatStatements(statements: readonly Pick<Statement, 'sql'>[]): string {
  return statements.map(({ sql }) => `${sql};\n`).join('');
}
