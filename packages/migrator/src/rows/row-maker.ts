/** Creates rows that PostgreSQL accepts, for any table. */
import { randomInt } from 'node:crypto';

import type { Session } from '@todo/client/session';
import { runInSavepoint } from '../transaction.ts';
import { tryToCreateRow } from './try-to-create-row.ts';
import {
  type MakeOptions,
  type RowMakerState,
  newRowMakerState,
  type RowMakerOptions,
  type RowValues,
  type StoredRow,
} from './row-maker-state.ts';
import { constraintSql, insertValues } from './insert-values.ts';
import { RowError } from './row-error.ts';
import { keyOf, type TableShape } from './table-shape.ts';

export interface RowMaker {
  /**
   * Inserts a row with generated values. Its parent rows are inserted first.
   * @returns the stored row.
   * @throws {RowError} if no row can be inserted. The transaction can continue.
   */
  insert(table: TableShape, options?: MakeOptions): Promise<StoredRow>;
  /**
   * Returns generated values that `insert` would write. Inserts only the parent rows.
   * @throws {RowError} if no values are found.
   */
  values(table: TableShape, options?: MakeOptions): Promise<RowValues>;
  /** Values of sample rows, without keys and references. They may satisfy rules that are not in the catalog, such as those of a trigger. */
  samples(table: TableShape): RowValues[];
  /**
   * Inserts these values, and the default of each column that is left out.
   * @throws PostgreSQL's error, after which the transaction cannot continue.
   */
  insertValues(table: TableShape, values: RowValues): Promise<StoredRow>;
}

/**
 * Creates a row maker. The session must be inside a transaction: failed attempts are rolled back to savepoints. Rows are inserted as the
 * session's role.
 *
 * ```ts
 * const tables = await readTables(session);
 * const maker = rowMaker(session, tables);
 * for (const table of tables) await maker.insert(table);
 * ```
 */
export function rowMaker(session: Session, tables: readonly TableShape[], options: RowMakerOptions = {}): RowMaker {
  const { ids = 'negative', preferred = () => ({}), samples = () => [], salt = randomInt(1, 100_000_000) } = options;
  const state = newRowMakerState(session, tables, { ids, preferred, samples, salt });
  return {
    insert: (table, makeOptions = {}) => runInSavepointIfNeeded(state, () => insertRow(state, table, makeOptions)),
    values: (table, makeOptions = {}) => runInSavepointIfNeeded(state, () => draftValues(state, table, makeOptions)),
    samples: (table) => samplesOf(state, table),
    insertValues: (table, values) => insertValues(session, table, values),
  };
}

/** The values of the first sample rows, without keys and references. */
function samplesOf({ isReferenced, samples }: RowMakerState, table: TableShape): RowValues[] {
  const keyColumns = new Set([...table.foreignKeys, ...table.uniqueKeys].flatMap(({ columns }) => columns));
  const isInKey = (name: string) => isReferenced(table, name) || keyColumns.has(name);
  const withoutKeys = (row: RowValues) => Object.fromEntries(Object.entries(row).filter(([name]) => !isInKey(name)));
  return samples(table).slice(0, SAMPLES_MAX).map(withoutKeys);
}

/** The maximal number of sample rows that are tried for a row. */
const SAMPLES_MAX = 5;

/** Runs the work in a savepoint if a foreign key is deferrable: if the row fails, the rows inserted for it are rolled back. */
async function runInSavepointIfNeeded<T>(state: RowMakerState, work: () => Promise<T>): Promise<T> {
  if (!state.hasDeferrable) return work();
  try {
    return await runInSavepoint(state.session, work);
  } catch (error) {
    state.deferred.clear();
    throw error;
  }
}

/** Inserts a row and remembers it. Its parent rows are inserted by the same function. */
async function insertRow(state: RowMakerState, table: TableShape, options: MakeOptions): Promise<StoredRow> {
  const preferred = state.preferred(table, state.rowCounts.get(keyOf(table)) ?? 0);
  const row = await (Object.keys(preferred).length === 0
    ? tryInserts(state, table, options)
    : insertPreferredRow(state, table, options, preferred));
  // Read again: rows of this table may have been inserted as its parents.
  state.rowCounts.set(keyOf(table), (state.rowCounts.get(keyOf(table)) ?? 0) + 1);
  const stored = state.stored.get(keyOf(table)) ?? [];
  if (stored.length < STORED_MAX) state.stored.set(keyOf(table), [...stored, row]);
  return row;
}

/** The maximal number of remembered rows per table. */
const STORED_MAX = 20;

/** Inserts a row with the preferred values; without these if the table accepts no such row. */
async function insertPreferredRow(
  state: RowMakerState,
  table: TableShape,
  options: MakeOptions,
  preferred: RowValues,
): Promise<StoredRow> {
  try {
    const given = { ...preferred, ...options.given };
    return await runInSavepoint(state.session, () => attemptInsert(state, table, { ...options, given }));
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    return await tryInserts(state, table, options);
  }
}

/** Inserts a row with generated values; with the values of each sample row in turn if the table accepts no such row. */
async function tryInserts(state: RowMakerState, table: TableShape, options: MakeOptions): Promise<StoredRow> {
  try {
    return await attemptInsert(state, table, options);
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    for (const sample of samplesOf(state, table)) {
      try {
        return await attemptInsert(state, table, { ...options, given: { ...sample, ...options.given } });
      } catch (sampleError) {
        if (!(sampleError instanceof RowError)) throw sampleError;
      }
    }
    throw error;
  }
}

function attemptInsert(state: RowMakerState, table: TableShape, options: MakeOptions): Promise<StoredRow> {
  return tryToCreateRow(state, table, {
    ...options,
    isInserting: true,
    createParent: (parent, given) => insertRow(state, parent, { given }),
    useValues: async (values) => {
      const inserted = await insertValues(state.session, table, values);
      await checkDeferred(state, table);
      return inserted;
    },
  });
}

const draftValues = (state: RowMakerState, table: TableShape, options: MakeOptions): Promise<RowValues> =>
  tryToCreateRow(state, table, {
    ...options,
    isInserting: false,
    createParent: (parent, given) => insertRow(state, parent, { given }),
    useValues: (values) => Promise.resolve(values),
  });

/** Checks the deferred constraints as soon as no row is unfinished: after the end of the transaction, no other row could be tried. */
async function checkDeferred({ unfinishedRows, deferred, session }: RowMakerState, table: TableShape): Promise<void> {
  if (unfinishedRows.size > 0) return;
  const initiallyDeferred = [...table.foreignKeys, ...table.uniqueKeys].filter(({ isDeferred }) => isDeferred);
  for (const { name } of initiallyDeferred) deferred.set(constraintSql(table, name), true);
  for (const [name, isDeferred] of deferred) {
    await session.query(`set constraints ${name} immediate${isDeferred ? `; set constraints ${name} deferred` : ''}`);
  }
  deferred.clear();
}
