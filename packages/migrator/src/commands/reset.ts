/** `reset`: drops all objects that the migrations create, and no others. Then it applies the migrations again. */
import { isLocal, maskUrl, readTarget } from '../connection/index.ts';
import type { DatabaseDefinition } from '../database-definition.ts';
import { migrate, MigrationError } from '../index.ts';
import { hasFile, readFolder } from '../migrate/folder.ts';
import { withMigrationLock } from '../migrate/migration-lock.ts';
import { runInTransaction } from '../transaction.ts';
import { askQuestion } from './ask.ts';
import { connect } from './connect.ts';
import { withDatabase } from './database.ts';
import { CommandFailure, EXIT, refusal } from './failure.ts';
import { indentLines, printToStderr, print } from './output.ts';
import { rethrowAsCommandFailure } from './migrate.ts';
import { type DatabaseObject, describeObject } from './reset/database-objects.ts';
import { type Dropped, dropObjects } from './reset/drop-objects.ts';
import { findCreatedObjects } from './reset/created-objects.ts';
import { applyInOpenTransaction } from './reset/apply-in-open-transaction.ts';
import { openShadow } from './shadow.ts';

export interface ResetOptions {
  /** Also reset a database that is not on this machine. */
  readonly yesDeleteEverything?: boolean;
  /** The name of that database, for scripts without a terminal. */
  readonly database?: string;
  /** Also drop objects of other applications that depend on the dropped ones. */
  readonly withDependents?: boolean;
}

/** Resets a database on this machine at once. For another database, a confirmation is required. */
export async function runReset({ migrations }: DatabaseDefinition, options: ResetOptions): Promise<void> {
  await withDatabase('schema', async (url, signal) => {
    if (!isLocal(url)) await requireConfirmation(url, options, signal);
    await dropAndMigrate(url, migrations, options.withDependents ?? false).catch(rethrowAsCommandFailure);
  });
}

/** Requires the flag and the typed name of the database: a flag alone may be in a script or a shell's history, for another database. */
async function requireConfirmation(url: string, options: ResetOptions, signal: AbortSignal): Promise<void> {
  const { yesDeleteEverything = false, database } = options;
  const remote = `${maskUrl(url)} is not on this machine, and a reset drops all objects that the migrations create, with their data.`;
  if (!yesDeleteEverything) {
    throw refusal(
      `${remote}\nTo reset this database, run the command with --yes-delete-everything. To reset the local Neon, leave DATABASE_URL unset.`,
    );
  }
  const name = readTarget(url).database;
  const question = `All objects that the migrations create in ${maskUrl(url)} will be dropped, with their data. Type the database's name: `;
  const typed = database ?? (process.stdin.isTTY ? await askQuestion(question, signal, (answer) => answer) : undefined);
  if (typed !== name) {
    const fault = typed === undefined ? 'There is no terminal on which to type its name' : 'The given name is wrong';
    throw refusal(`${remote}\n${fault}: pass the full name of the database with --database.`);
  }
}

/**
 * Drops and migrates in one transaction, as far as possible: if a migration fails on this database, the database stays as it was. Each
 * migration has run before on an empty shadow database, also those that need a commit before them.
 */
async function dropAndMigrate(url: string, migrations: string, withDependents: boolean): Promise<void> {
  const folder = (await readFolder(migrations)).migrations.filter(hasFile);
  const created = await findCreatedObjects(folder, openShadow).catch(rethrowAsNothingDone('on an empty database'));
  await using session = await connect(url);
  const dropAndApply = async () => {
    const dropped = await dropObjects(session, created);
    if (dropped.dependents.length > 0 && !withDependents) throw dependentsError(dropped.dependents);
    return { ...dropped, applied: await applyInOpenTransaction(session, folder) };
  };
  const done = await withMigrationLock(session, { waitMs: LOCK_WAIT_MS, onWait }, () =>
    runInTransaction(session, dropAndApply).catch(
      rethrowAsNothingDone('on this database, although they run on an empty one'),
    ),
  );
  printDropped(done);
  const { applied: appliedLater } = await migrate(url, migrations);
  print(`applied ${[...done.applied, ...appliedLater].join(', ')}`);
}

/** Returns a handler for the error of a migration. Nothing was done: the transaction was rolled back, or has not begun. */
const rethrowAsNothingDone =
  (where: string) =>
  (error: unknown): never => {
    if (!(error instanceof MigrationError)) throw error;
    const message = `Nothing was done: the migrations do not run ${where}.\n${error.message}`;
    throw new CommandFailure(EXIT.failed, message, { code: error.code });
  };

const LOCK_WAIT_MS = 60_000;
const onWait = () => printToStderr('Waiting for another run of migrations …');

function dependentsError(dependents: readonly DatabaseObject[]): CommandFailure {
  return refusal(
    'no migration creates these objects, but they depend on objects that a reset drops, and would be dropped with them:\n' +
      indentLines(dependents.map(describeObject)) +
      'Drop these objects yourself, or run the command with --with-dependents.',
  );
}

function printDropped({ requested, dependents, leftAlone }: Dropped): void {
  print(`dropped ${describeObjects(requested.filter(({ schema }) => schema !== 'drizzle')) || 'nothing'}`);
  if (dependents.length > 0) print(`dropped objects that depended on them: ${describeObjects(dependents)}`);
  if (leftAlone.length > 0)
    printToStderr(`Left unchanged, because no migration creates it: ${describeObjects(leftAlone)}`);
}

function describeObjects(objects: readonly DatabaseObject[]): string {
  return objects.map(describeObject).join(', ');
}
