/** Runs one migration file and records it, both in one transaction; or outside a transaction, if the file requests that. */
import type { Session } from '@todo/client/session';
import { runInTransaction } from '../transaction.ts';
import { applyOutsideTransaction } from './apply-outside-transaction.ts';
import type { FileMigration } from './folder.ts';
import { type Limits, retryOnLockFailure, setLimits } from './limits.ts';
import type { MigrateEvent } from './migrate-event.ts';
import { MigrationError } from './migration-error.ts';
import { recordApplied } from './run-record.ts';
import { sqlStateOf, statementFailure, type Step } from './statement-failure.ts';

export interface ApplyOptions {
  /** Default: the settings of the session. */
  readonly limits?: Limits;
  readonly onProgress?: (event: MigrateEvent) => void;
}

/**
 * Runs the statements of the file one at a time. If a lock is not granted in time, the attempt is repeated after a pause.
 * @throws {MigrationError} `STATEMENT_FAILED`, with the line in the file, the SQLSTATE and PostgreSQL's message; `CONNECTION_LOST`.
 */
export async function applyMigration(
  session: Session,
  migration: FileMigration,
  { limits, onProgress = () => {} }: ApplyOptions = {},
): Promise<void> {
  const retry = retryOnLockFailure(migration.name, limits, onProgress);
  // Each file begins with the limits, whatever settings the file before it has changed.
  if (limits !== undefined) await setLimits(session, limits);
  if (migration.file.isTransactional) await retry(() => applyInTransaction(session, migration));
  else await applyOutsideTransaction(session, migration, retry, onProgress);
}

/** Runs and records the file in one transaction. `step` is the part that runs now, for the message of an error. */
async function applyInTransaction(session: Session, migration: FileMigration): Promise<void> {
  const { statements } = migration.file;
  let step: Step = { name: 'BEGIN' };
  await runInTransaction(session, async () => {
    const transaction = await currentTransactionId(session);
    for (const [index, statement] of statements.entries()) {
      step = { name: `statement ${index + 1} of ${statements.length}`, statement };
      await session.query(statement.text);
    }
    step = { name: 'its row in drizzle.__drizzle_migrations' };
    if ((await currentTransactionId(session)) !== transaction) throw transactionEndedError(migration.name);
    // A file may have changed the role, and that role may lack access to the migrations table.
    await session.query('reset session authorization');
    await recordApplied(session, migration);
    step = { name: 'COMMIT' };
  }).catch((error: unknown) => {
    throw error instanceof MigrationError ? error : statementFailure(migration.name, step, error, remedyFor(error));
  });
}

async function currentTransactionId(session: Session): Promise<unknown> {
  const { rows } = await session.query('select pg_current_xact_id()::text as id');
  return rows[0]?.['id'];
}

function transactionEndedError(name: string): MigrationError {
  return new MigrationError(
    'TRANSACTION_ENDED',
    `${name}.sql ends its transaction itself, with a COMMIT or a ROLLBACK. The file is not recorded as applied. Its statements` +
      ' stay applied, except those that a ROLLBACK undid. Undo the applied statements manually, remove COMMIT and ROLLBACK, then migrate again.',
  );
}

const MARKER_REMEDY = 'Make `-- migrate: no transaction` the first line: the file then runs outside a transaction.';

const REMEDIES: Record<string, string> = {
  // active_sql_transaction, unsafe_new_enum_value_usage
  '25001': MARKER_REMEDY,
  '55P04': MARKER_REMEDY,
  // read_only_sql_transaction
  '25006': 'Migrate the primary: this server is a read replica, or read-only by its settings.',
  // insufficient_privilege
  '42501': 'Migrate as the owner of the object that PostgreSQL names, or grant this role the privilege that it lacks.',
};

/** The last line of the error: the state of the database and the remedy. */
function remedyFor(error: unknown): string {
  return `The file was rolled back. ${REMEDIES[sqlStateOf(error) ?? ''] ?? 'Correct the file, then migrate again.'}`;
}
