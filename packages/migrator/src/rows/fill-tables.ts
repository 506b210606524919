/** Inserts rows into every table, so that the rehearsal of migrations finds those that fail on tables with rows. */
import type { Session } from '@todo/client/session';
import { runInTransaction } from '../transaction.ts';
import { readTables } from './read-tables.ts';
import { RowError } from './row-error.ts';
import { type RowMaker, rowMaker } from './row-maker.ts';
import { displayName, type TableShape } from './table-shape.ts';

export interface Filled {
  /** The tables that have rows now. */
  readonly filled: readonly string[];
  /** The tables without rows. */
  readonly empty: readonly EmptyTable[];
}

export interface EmptyTable {
  readonly table: string;
  readonly reason: string;
}

/** The number of rows per table. The first row has values in all columns, the others only in required columns. */
const ROWS = 3;

/** Writes rows into each table of all application schemas, in one transaction. */
export async function fillTables(session: Session): Promise<Filled> {
  const tables = await readTables(session);
  const maker = rowMaker(session, tables, { ids: 'generated', salt: 1 });
  return runInTransaction(session, () => fillAll(maker, tables));
}

async function fillAll(maker: RowMaker, tables: readonly TableShape[]): Promise<Filled> {
  const filled: string[] = [];
  const empty: EmptyTable[] = [];
  for (const table of tables) {
    const reasons: string[] = [];
    for (let row = 0; row < ROWS; row += 1) {
      const reason = await tryInsert(maker, table, row === 0);
      if (reason !== undefined) reasons.push(reason);
    }
    const [firstReason] = reasons;
    // One row is enough to test a migration. A constraint may allow only one.
    if (reasons.length < ROWS || firstReason === undefined) filled.push(displayName(table));
    else empty.push({ table: displayName(table), reason: firstReason });
  }
  return { filled, empty };
}

/** Inserts a row. Returns the reason if the table accepts none. */
async function tryInsert(maker: RowMaker, table: TableShape, isFirst: boolean): Promise<string | undefined> {
  try {
    await maker.insert(table, { fillsOptionalColumns: isFirst });
    return undefined;
  } catch (error) {
    if (error instanceof RowError) return error.message;
    throw error;
  }
}
