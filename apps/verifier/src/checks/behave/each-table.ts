/** Runs a check on each table, with a row that the table accepts, in a transaction that is rolled back. */
import type { Session } from '@todo/client';
import { UNIQUE_VIOLATION, RowError, type RowMaker, type RowValues, type TableShape } from '@todo/migrator/rows';

import { type Context, type Finding, type Outcome, verdict } from '../../check.ts';
import { qualifiedName, displayName } from '../../code-tables.ts';
import { type LiveTable, type LiveTables, liveTables } from '../../live-tables.ts';
import { runVerifierSql } from '../../own-sql.ts';
import { insertSql } from '../../sql-text.ts';
import { describeResult, runProbes } from './probes.ts';
import { makerOf } from './row-maker.ts';
import { runAndRollBack, type Transaction } from './run-and-roll-back.ts';
import { sessionOf } from './session-of.ts';

/** A table under test. */
export interface Trial {
  readonly table: LiveTable;
  /** A row that the table accepts, with values in text form. Its parent rows exist. */
  readonly values: RowValues;
  readonly maker: RowMaker;
  readonly session: Session;
  readonly tx: Transaction;
  /** All tables. */
  readonly live: LiveTables;
}

/**
 * Runs `find` on each table that exists and accepts a test row; `behave/row` reports the other tables. Without such a table, the check is
 * skipped, unless it has `otherFindings`, which need no row.
 */
export async function onEachTable(
  context: Pick<Context, 'read' | 'database' | 'websocket'>,
  find: (trial: Trial) => Promise<readonly Finding[]>,
  otherFindings: readonly Finding[] = [],
): Promise<Outcome> {
  const live = await liveTables(context);
  const { tables } = live;
  const { findings, untested } = await runAndRollBack(context.websocket, async (tx) => {
    const session = sessionOf(tx);
    const maker = makerOf(session, live);
    const found: Finding[] = [];
    const refused: string[] = [];
    for (const table of tables) {
      const values = await tryRow(session, maker, table.shape);
      if (values instanceof RowError) refused.push(displayName(table));
      else found.push(...(await find({ table, values, maker, session, tx, live })));
    }
    return { findings: found, untested: refused };
  });
  const tested = tables.length - untested.length;
  if (tested + otherFindings.length === 0) return { kind: 'skip', reason: NO_ROW };
  return verdict(
    [...otherFindings, ...findings],
    untested.length === 0
      ? `${tested} tables`
      : `${tested} tables tested; no test row could be inserted into: ${untested.join(', ')}`,
  );
}

export const NO_ROW = 'no row could be inserted into any table: see behave/row';

/**
 * Inserts a row and rolls back: with generated values, and if the table refuses these, with those of sample rows. Returns the accepted
 * values, or the first error if the table refuses each row.
 */
export async function tryRow(session: Session, maker: RowMaker, shape: TableShape): Promise<RowValues | RowError> {
  const generated = await tryValues(session, maker, shape, {});
  if (!(generated instanceof RowError)) return generated;
  for (const sample of maker.samples(shape)) {
    const values = await tryValues(session, maker, shape, sample);
    if (!(values instanceof RowError)) return values;
  }
  return generated;
}

/**
 * Inserts a row that has the given values. If a unique key refuses a value that a stored row has, other values are tried, once for each key:
 * a `smallint` or a `date` has few free values.
 */
async function tryValues(
  session: Session,
  maker: RowMaker,
  shape: TableShape,
  given: RowValues,
): Promise<RowValues | RowError> {
  const occupiedKeys = new Set<string>();
  for (;;) {
    const values = await catchRowError(maker.values(shape, { given, occupiedKeys }));
    if (values instanceof RowError) return values;
    const [result] = await runProbes(session, [[insertSql(qualifiedName(shape), values)]]);
    if (result?.kind !== 'refused') return values;
    const { code, constraint } = result;
    if (code !== UNIQUE_VIOLATION || constraint === undefined || occupiedKeys.has(constraint))
      return new RowError(shape, `it is ${describeResult(result)}.`, { constraint, sqlState: code });
    occupiedKeys.add(constraint);
  }
}

/** Returns the result, or a `RowError`, which `behave/row` reports. Throws other errors; an invalid statement is a bug in the verifier. */
export async function catchRowError<T>(work: Promise<T>): Promise<T | RowError> {
  return await runVerifierSql(
    work.catch((error: unknown) => {
      if (error instanceof RowError) return error;
      throw error;
    }),
  );
}
