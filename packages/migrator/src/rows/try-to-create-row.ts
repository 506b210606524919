/** Chooses values for a row and passes them to `useValues`. If PostgreSQL refuses the values, tries others. */
import { runInSavepoint } from '../transaction.ts';
import type { Choice } from './choice.ts';
import { chooseValues, conditionsToSearch, Unsatisfied } from './choose-values.ts';
import { checksOf, keysOf } from './conditions.ts';
import { draftRow, type DraftOptions } from './draft-row.ts';
import type { MakeOptions, RowMakerState, RowValues } from './row-maker-state.ts';
import {
  CHECK_VIOLATION,
  EXCLUSION_VIOLATION,
  FOREIGN_KEY_VIOLATION,
  UNIQUE_VIOLATION,
} from './constraint-violations.ts';
import { toRowError } from './row-error.ts';
import { SearchFailure } from './search-values.ts';
import { keyOf, type TableShape } from './table-shape.ts';

export interface AttemptOptions<T> extends MakeOptions, Pick<DraftOptions, 'createParent'> {
  readonly useValues: (values: RowValues) => Promise<T>;
  /** Whether `useValues` sends statements that may fail. */
  readonly isInserting: boolean;
}

/** Attempts after the first one. */
const RETRIES_MAX = 10;

/** Conclusions from the earlier attempts. */
interface Lessons {
  /** Names of constraints that refused a row. Another parent row may be needed. */
  readonly refusingConstraints: Set<string>;
  /** Whether a remembered parent row may have been deleted. Then it is read again. */
  mayBeDeleted: boolean;
  choosesReferencesFirst: DraftOptions['choosesReferencesFirst'];
  /** Names of conditions that cannot be evaluated for all candidates at once: rows are inserted one by one. */
  readonly triedOneByOne: Set<string>;
}

/** Returns the result of `useValues`. @throws {RowError} after the last attempt. */
export async function tryToCreateRow<T>(
  state: RowMakerState,
  table: TableShape,
  options: AttemptOptions<T>,
): Promise<T> {
  const lessons: Lessons = {
    refusingConstraints: new Set(options.occupiedKeys),
    mayBeDeleted: !options.isInserting || table.foreignKeys.some(({ isDeferred }) => isDeferred),
    choosesReferencesFirst: false,
    triedOneByOne: new Set(),
  };
  let refusal: unknown;
  for (let attempt = 0; attempt <= RETRIES_MAX; attempt += 1) {
    try {
      const keysToRenew = findKeysToRenew(table, lessons.refusingConstraints, attempt);
      const choices = await draftRow(state, table, { ...options, ...lessons, keysToRenew });
      return await tryOnce(state, table, choices, lessons, options);
    } catch (error) {
      refusal = error;
      if (!learnFrom(state, table, error, lessons)) break;
    }
  }
  throw toRowError(table, refusal instanceof SearchFailure ? refusal.cause : refusal);
}

/** Searches values where conditions need that, and passes them to `useValues`: in a savepoint, if a statement may fail. */
async function tryOnce<T>(
  state: RowMakerState,
  table: TableShape,
  choices: readonly Choice[],
  lessons: Lessons,
  { given = {}, fillsOptionalColumns = false, isInserting, useValues }: AttemptOptions<T>,
): Promise<T> {
  const options = { ...lessons, given, fillsOptionalColumns };
  const conditions = conditionsToSearch(state, table, choices, options);
  const work = async (): Promise<T> => useValues(await chooseValues(state, table, choices, conditions, options));
  return conditions.length === 0 && !isInserting ? work() : runInSavepoint(state.session, work);
}

/** Adds the conclusions from an error to the lessons. @returns whether another attempt may succeed. */
function learnFrom({ reusableValues }: RowMakerState, table: TableShape, error: unknown, lessons: Lessons): boolean {
  if (error instanceof SearchFailure) {
    for (const { name } of error.conditions) lessons.triedOneByOne.add(name);
    return true;
  }
  if (error instanceof Unsatisfied) {
    const references = new Set(table.foreignKeys.flatMap(({ columns }) => columns));
    for (const { name } of error.conditions) lessons.refusingConstraints.add(name);
    lessons.choosesReferencesFirst ||= error.conditions.some(({ kind }) => kind === 'check');
    return error.conditions.some(({ columns }) => columns.some((column) => references.has(column)));
  }
  const { sqlState, constraint } = toRowError(table, error);
  if (sqlState === FOREIGN_KEY_VIOLATION && !lessons.mayBeDeleted) {
    lessons.mayBeDeleted = true;
    return true;
  }
  if (sqlState === CHECK_VIOLATION) {
    // Values that satisfied a CHECK before may violate it now: now() changes. Without reused values, another attempt fails as well.
    const isReused = reusableValues.has(keyOf(table));
    reusableValues.delete(keyOf(table));
    return isReused;
  }
  if (constraint !== undefined) lessons.refusingConstraints.add(constraint);
  return sqlState === UNIQUE_VIOLATION || sqlState === EXCLUSION_VIOLATION;
}

/**
 * Returns the foreign keys that need a new parent row: those with a column of a refusing constraint. Each retry renews one of these keys;
 * when each was tried alone, all of them.
 */
function findKeysToRenew(table: TableShape, refusingConstraints: ReadonlySet<string>, attempt: number): Set<string> {
  const constraints = [...keysOf(table), ...checksOf(table)].filter(({ name }) => refusingConstraints.has(name));
  const columns = new Set(constraints.flatMap((constraint) => constraint.columns));
  const keys = table.foreignKeys
    .filter((key) => key.columns.some((column) => columns.has(column)))
    .map(({ name }) => name);
  return new Set(attempt > keys.length ? keys : keys.slice(Math.max(attempt - 1, 0), attempt));
}
