/**
 * Runs a file outside a transaction, statement by statement, and records the progress after each: the next run continues an interrupted
 * file at the statement where it stopped.
 */
import type { Session } from '@todo/client/session';
import { runInTransaction } from '../transaction.ts';
import { describeIndex, dropIndex, findIndexOf } from './concurrent-index.ts';
import type { FileMigration } from './folder.ts';
import { type Retry, withLongLockTimeout } from './limits.ts';
import type { MigrateEvent } from './migrate-event.ts';
import { readRunRecords, recordApplied, writeRunRecord } from './run-record.ts';
import { sqlStateOf, statementFailure, type Step } from './statement-failure.ts';

/** Runs or continues the file. @throws {MigrationError} `STATEMENT_FAILED`, with the earlier statements applied; `CONNECTION_LOST`. */
export async function applyOutsideTransaction(
  session: Session,
  migration: FileMigration,
  retry: Retry,
  onProgress: (event: MigrateEvent) => void,
): Promise<void> {
  const { name, file, createdAt } = migration;
  const interruptedRun = (await readRunRecords(session)).find((record) => record.createdAt === createdAt);
  const { statementsDone = 0, statementsBegun = 0 } = interruptedRun ?? {};
  if (interruptedRun !== undefined) {
    onProgress({ kind: 'continuing', name, statementsDone });
    await repeatSettings(session, migration, statementsDone);
  } else {
    await writeRunRecord(session, migration, { begun: 0, done: 0 });
  }
  for (const [index, statement] of [...file.statements.entries()].slice(statementsDone)) {
    const step = { name: `statement ${index + 1} of ${file.statements.length}`, statement };
    const isUncertain = index < statementsBegun;
    await retry(() => runStatement({ session, migration, index, step, isUncertain, onProgress }));
  }
  await runInTransaction(session, () => recordApplied(session, migration)).catch((error: unknown) => {
    throw statementFailure(name, { name: 'its row in drizzle.__drizzle_migrations' }, error, RECORD_REMEDY);
  });
}

/** Repeats the SET statements of an interrupted file, because the settings were lost with its session. */
async function repeatSettings(session: Session, { file }: FileMigration, count: number): Promise<void> {
  const settings = file.statements.slice(0, count).filter(({ text }) => /^(set|reset)\s/i.test(text));
  for (const { text } of settings) await session.query(text);
}

interface StatementRun {
  readonly session: Session;
  readonly migration: FileMigration;
  readonly index: number;
  readonly step: Required<Step>;
  /** Whether an earlier run began this statement and was interrupted before recording its result. */
  readonly isUncertain: boolean;
  readonly onProgress: (event: MigrateEvent) => void;
}

/** `active_sql_transaction` and `invalid_transaction_termination`: the statement cannot run inside a transaction. */
const NEEDS_NO_TRANSACTION = new Set(['25001', '2D000']);

/** Runs the statement and writes its record in one transaction, if PostgreSQL allows that: then the record is always correct. */
async function runStatement(run: StatementRun): Promise<void> {
  const { session, migration, index, step } = run;
  try {
    await runInTransaction(session, async () => {
      await session.query(step.statement.text);
      await writeRunRecord(session, migration, { begun: index + 1, done: index + 1 });
    });
  } catch (error) {
    if (!NEEDS_NO_TRANSACTION.has(sqlStateOf(error) ?? '')) throw statementFailure(migration.name, step, error, REMEDY);
    await runWithoutTransaction(run);
  }
}

/** Runs the statement, with a record before it and after it. If an interrupted run has finished the statement's index, it is only recorded. */
async function runWithoutTransaction(run: StatementRun): Promise<void> {
  const { session, migration, index, step, isUncertain } = run;
  const [before, after] = [index, index + 1];
  try {
    const hasIndex = await hasIndexAfterCleanup(run);
    if (!hasIndex || !isUncertain) {
      // If the index existed before, the statement fails, and is not recorded as begun: a later run would take the index for its result.
      if (!hasIndex) await writeRunRecord(session, migration, { begun: after, done: before });
      await executeStatement(run);
    }
    await writeRunRecord(session, migration, { begun: after, done: after });
  } catch (error) {
    // PostgreSQL refused the statement, so its result is known. After a lost connection it is not.
    if (sqlStateOf(error) !== undefined)
      await writeRunRecord(session, migration, { begun: before, done: before }).catch(() => {});
    throw statementFailure(migration.name, step, error, remedyFor(step, error));
  }
}

/** Whether the statement's index exists. Drops an invalid index of a failed build: PostgreSQL would maintain it and never use it. */
async function hasIndexAfterCleanup(run: StatementRun): Promise<boolean> {
  const { session, migration, step, onProgress, isUncertain } = run;
  const index = await findIndexOf(session, step.statement.text);
  if (index === undefined) return false;
  if (index.isValid) {
    if (isUncertain) onProgress({ kind: 'found', name: migration.name, index: describeIndex(index) });
    return true;
  }
  onProgress({ kind: 'rebuilding', name: migration.name, index: describeIndex(index) });
  await withLongLockTimeout(session, () => dropIndex(session, index));
  return false;
}

/** Runs the statement. A repeated DROP INDEX also succeeds if the interrupted run dropped the index. */
async function executeStatement({ session, step, isUncertain }: StatementRun): Promise<void> {
  const { text } = step.statement;
  const run = () => session.query(text);
  try {
    await (/\bconcurrently\b/i.test(text) ? withLongLockTimeout(session, run) : run());
  } catch (error) {
    const wasDropped = isUncertain && /^drop\s+index\s/i.test(text) && sqlStateOf(error) === UNDEFINED_OBJECT;
    if (!wasDropped) throw error;
  }
}

/** `undefined_object`: the index does not exist. */
const UNDEFINED_OBJECT = '42704';

const REMEDY =
  'The statements before the failed one are applied. Correct the file from the failed statement on, then migrate again: the run continues there.';

const RECORD_REMEDY =
  'All statements of the file are applied, but the file is not recorded as applied. Remove the cause of the error, then migrate again: the run only records the file.';

function remedyFor({ statement }: Required<Step>, error: unknown): string {
  // active_sql_transaction: PostgreSQL runs several statements of one query in one transaction.
  if (sqlStateOf(error) === '25001') return `${REMEDY} Separate the statements with \`--> statement-breakpoint\`.`;
  if (!/\bconcurrently\b/i.test(statement.text)) return REMEDY;
  if (/^create\b/i.test(statement.text))
    return `${REMEDY} If the index has a name and is invalid, the next run drops it and builds it again.`;
  return /^reindex\b/i.test(statement.text)
    ? `${REMEDY} Drop the invalid indexes whose names end in _ccnew or _ccold, also with a number.`
    : REMEDY;
}
