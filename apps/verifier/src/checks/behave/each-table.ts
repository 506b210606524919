/** Runs a check on each table, with a row that the table accepts, in a transaction that is rolled back. */
import type { Session } from '@todo/client';
import { RowError, type RowMaker, type RowValues, type TableShape } from '@todo/migrator/rows';

import { type Context, type Finding, type Outcome, verdict } from '../../check.ts';
import { qualified, spelled } from '../../code-tables.ts';
import { type LiveTable, type LiveTables, liveTables } from '../../live-tables.ts';
import { ownSql } from '../../own-sql.ts';
import { insertText } from '../../sql-text.ts';
import { describeAnswer, tryOut } from './probes.ts';
import { makerOf } from './row-maker.ts';
import { rolledBack, type Transaction } from './rolled-back.ts';
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
  const { findings, untried } = await rolledBack(context.websocket, async (tx) => {
    const session = sessionOf(tx);
    const maker = makerOf(session, live);
    const found: Finding[] = [];
    const without: string[] = [];
    for (const table of tables) {
      const values = await tryRow(session, maker, table.shape);
      if (values instanceof RowError) without.push(spelled(table));
      else found.push(...(await find({ table, values, maker, session, tx, live })));
    }
    return { findings: found, untried: without };
  });
  const tried = tables.length - untried.length;
  if (tried + others.length === 0) return { kind: 'skip', reason: NO_ROW };
  return verdict(
    [...others, ...findings],
    untried.length === 0 ? `${tried} tables` : `${tried} tables; no row for ${untried.join(', ')}`,
  );
}

export const NO_ROW = 'no row could be made in any table: see behave/row';

/** Values that the table accepted in an insert, which is rolled back; an error when there are none. */
export async function tryRow(session: Session, maker: RowMaker, shape: TableShape): Promise<RowValues | RowError> {
  const values = await unlessRowError(maker.values(shape));
  if (values instanceof RowError) return values;
  const [answer] = await tryOut(session, [[insertText(qualified(shape), values)]]);
  if (answer?.kind !== 'refused') return values;
  return new RowError(shape, `it is ${describeAnswer(answer)}.`, {
    constraint: answer.constraint,
    sqlState: answer.code,
  });
}

/** Returns a `RowError`, which `behave/row` reports. Other errors are thrown; an invalid statement is a bug in the verifier. */
export async function unlessRowError<T>(work: Promise<T>): Promise<T | RowError> {
  return await ownSql(
    work.catch((error: unknown) => {
      if (error instanceof RowError) return error;
      throw error;
    }),
  );
}
