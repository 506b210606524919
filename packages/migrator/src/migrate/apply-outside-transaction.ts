/**
 * Runs a file outside a transaction, statement by statement, and records the progress after each: the next run continues an interrupted
 * file at the statement where it stopped.
 */
import type { Session } from '@todo/client/session';
import { describeIndex, dropIndex, findIndexOf } from './concurrent-index.ts';
import type { Migration } from './folder.ts';
import type { Retry } from './limits.ts';
import { liftLockTimeout } from './limits.ts';
import type { MigrateEvent } from './migrate-event.ts';
import { readRunRecords, recordApplied, writeRunRecord } from './run-record.ts';
import { sqlStateOf, statementFailure, type Step } from './statement-failure.ts';

export interface OutsideOptions {
  readonly retry: Retry;
  readonly onProgress: (event: MigrateEvent) => void;
}

/** @throws {MigrationError} `STATEMENT_FAILED`, where the statements before it stay done; `CONNECTION_LOST`. */
export async function applyOutsideTransaction(
  session: Session,
  migration: Required<Migration>,
  { retry, onProgress }: OutsideOptions,
): Promise<void> {
  const { name, file, createdAt } = migration;
  const record = (await readRunRecords(session)).find((other) => other.createdAt === createdAt);
  const { statementsDone = 0, statementsBegun = 0 } = record ?? {};
  if (record !== undefined) {
    onProgress({ kind: 'continuing', name, statementsDone });
    await repeatSettings(session, migration, statementsDone);
  } else {
    await writeRunRecord(session, migration, { begun: 0, done: 0 });
  }
  for (let index = statementsDone; index < file.statements.length; index += 1) {
    const isUncertain = index < statementsBegun;
    await retry(() => runStatement({ session, migration, index, isUncertain, onProgress }));
  }
  const step = { name: 'its row in drizzle.__drizzle_migrations' };
  await inTransaction(session, migration, step, () => recordApplied(session, migration));
}

/** Repeats the SET statements of an interrupted file, because its session and their settings are gone. */
async function repeatSettings(session: Session, { file }: Required<Migration>, count: number): Promise<void> {
  const settings = file.statements.slice(0, count).filter(({ text }) => /^(set|reset)\s/i.test(text));
  for (const { text } of settings) await session.query(text);
}

interface StatementRun {
  readonly session: Session;
  readonly migration: Required<Migration>;
  readonly index: number;
  /** Whether an earlier run began this statement and was interrupted before recording its result. */
  readonly isUncertain: boolean;
  readonly onProgress: (event: MigrateEvent) => void;
}

/** `active_sql_transaction` and `invalid_transaction_termination`: the statement cannot run inside a transaction. */
const NEEDS_NO_TRANSACTION = new Set(['25001', '2D000']);

/** Runs the statement in one transaction with its record if PostgreSQL allows that. Then the record is always correct. */
async function runStatement(run: StatementRun): Promise<void> {
  const { session, migration, index } = run;
  try {
    await inTransaction(session, migration, stepOf(run), async () => {
      await session.query(textOf(run));
      await writeRunRecord(session, migration, { begun: index + 1, done: index + 1 });
    });
  } catch (error) {
    if (!NEEDS_NO_TRANSACTION.has(sqlStateOf(Object(error).cause) ?? '')) throw error;
    await runAlone(run);
  }
}

async function runAlone(run: StatementRun): Promise<void> {
  const { session, migration, index, isUncertain } = run;
  const [done, begun] = [index, index + 1];
  try {
    const isPresent = await clearIndex(run);
    if (!isPresent || !isUncertain) {
      // If the index existed before, the statement fails. It is not recorded as begun: a later run must not take that index for its result.
      if (!isPresent) await writeRunRecord(session, migration, { begun, done });
      await execute(run);
    }
    await writeRunRecord(session, migration, { begun, done: begun });
  } catch (error) {
    if (sqlStateOf(error) !== undefined)
      await writeRunRecord(session, migration, { begun: done, done }).catch(() => {});
    throw statementFailure(migration.name, stepOf(run), error, remedyFor(run, error));
  }
}

/**
 * Whether the index of the statement exists already. An invalid index of an interrupted or failed build is dropped: PostgreSQL would
 * maintain it and never use it.
 */
async function clearIndex(run: StatementRun): Promise<boolean> {
  const { session, migration, onProgress, isUncertain } = run;
  const index = await findIndexOf(session, textOf(run));
  if (index === undefined) return false;
  if (index.isValid) {
    if (isUncertain) onProgress({ kind: 'found', name: migration.name, index: describeIndex(index) });
    return true;
  }
  onProgress({ kind: 'rebuilding', name: migration.name, index: describeIndex(index) });
  await liftLockTimeout(session, () => dropIndex(session, index));
  return false;
}

async function execute({ session, migration, index, isUncertain }: StatementRun): Promise<void> {
  const text = migration.file.statements[index]?.text ?? '';
  const run = () => session.query(text);
  try {
    await (/\bconcurrently\b/i.test(text) ? liftLockTimeout(session, run) : run());
  } catch (error) {
    const wasDropped = isUncertain && /^drop\s+index\s/i.test(text) && sqlStateOf(error) === '42704';
    if (!wasDropped) throw error;
  }
}

async function inTransaction(
  session: Session,
  migration: Required<Migration>,
  step: Step,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await session.query('begin');
    await work();
    await session.query('commit');
  } catch (error) {
    // A rollback also fails if the connection is lost. The first error says more.
    await session.query('rollback').catch(() => {});
    throw statementFailure(migration.name, step, error, KEPT);
  }
}

const KEPT =
  'The statements before this one are applied. Correct the file from this statement on, then migrate again: the run continues here.';

function remedyFor(run: StatementRun, error: unknown): string {
  if (sqlStateOf(error) === '25001') return `${KEPT} Separate the statements with \`--> statement-breakpoint\`.`;
  if (!/\bconcurrently\b/i.test(textOf(run))) return KEPT;
  return `${KEPT} The next run drops an invalid index and builds it again.`;
}

function stepOf({ migration: { file }, index }: StatementRun): Step {
  const statement = file.statements[index];
  const name = `statement ${index + 1} of ${file.statements.length}`;
  return statement === undefined ? { name } : { name, statement };
}

function textOf({ migration, index }: StatementRun): string {
  return migration.file.statements[index]?.text ?? '';
}
