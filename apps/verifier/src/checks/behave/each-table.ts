/** Runs a check on each table, with a row that the table accepts, in a transaction that is rolled back. */
import type { Session } from '@todo/client';
import { RowError, type RowMaker, type RowValues, type TableShape } from '@todo/migrator/rows';

import { type Context, type Finding, type Outcome, verdict } from '../../check.ts';
import { qualifiedName, displayName } from '../../code-tables.ts';
import { type LiveTable, type LiveTables, liveTables } from '../../live-tables.ts';
import { runOwnSql } from '../../own-sql.ts';
import { insertSql } from '../../sql-text.ts';
import { describeResult, runProbes } from './probes.ts';
import { makerOf } from './row-maker.ts';
import { runAndRollBack, type Transaction } from './run-and-roll-back.ts';
import { sessionOf } from './session-of.ts';

/** A table under test. */
export interface Trial {
  readonly table: LiveTable;
  /** A row that the table accepts, as PostgreSQL's texts. Its parent rows exist. */
  readonly values: RowValues;
  readonly maker: RowMaker;
  readonly session: Session;
  readonly tx: Transaction;
  /** All tables. */
  readonly live: LiveTables;
}

/**
 * Runs `find` on each table that exists and for which a row can be made; `behave/row` reports the others. Skips when there
 * is no such table. `others` are findings of the same check that need no row.
 */
export async function onEachTable(
  context: Pick<Context, 'read' | 'database' | 'websocket'>,
  find: (trial: Trial) => Promise<readonly Finding[]>,
  others: readonly Finding[] = [],
): Promise<Outcome> {
  const live = await liveTables(context);
  const { tables } = live;
  const { findings, untried: withoutRow } = await runAndRollBack(context.websocket, async (tx) => {
    const session = sessionOf(tx);
    const maker = makerOf(session, live);
    const found: Finding[] = [];
    const without: string[] = [];
    for (const table of tables) {
      const values = await tryRow(session, maker, table.shape);
      if (values instanceof RowError) without.push(displayName(table));
      else found.push(...(await find({ table, values, maker, session, tx, live })));
    }
    return { findings: found, untried: without };
  });
  const tried = tables.length - withoutRow.length;
  if (tried + others.length === 0) return { kind: 'skip', reason: NO_ROW };
  return verdict(
    [...others, ...findings],
    withoutRow.length === 0 ? `${tried} tables` : `${tried} tables; no row for ${withoutRow.join(', ')}`,
  );
}

export const NO_ROW = 'no row could be made in any table: see behave/row';

/** Values that the table accepted in an insert, which is rolled back; an error when there are none. */
export async function tryRow(session: Session, maker: RowMaker, shape: TableShape): Promise<RowValues | RowError> {
  const values = await catchRowError(maker.values(shape));
  if (values instanceof RowError) return values;
  const [result] = await runProbes(session, [[insertSql(qualifiedName(shape), values)]]);
  if (result?.kind !== 'refused') return values;
  return new RowError(shape, `it is ${describeResult(result)}.`, {
    constraint: result.constraint,
    sqlState: result.code,
  });
}

/** Returns a `RowError`, which `behave/row` reports. Other errors are thrown; an invalid statement is a bug in the verifier. */
export async function catchRowError<T>(work: Promise<T>): Promise<T | RowError> {
  return await runOwnSql(
    work.catch((error: unknown) => {
      if (error instanceof RowError) return error;
      throw error;
    }),
  );
}
