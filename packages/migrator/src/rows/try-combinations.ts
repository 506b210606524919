/** Tries combinations of values one by one, if PostgreSQL cannot evaluate the conditions for all of them at once. */
import { runAndRollBack } from '../transaction.ts';
import { type Choice, valuesOf } from './choice.ts';
import type { Condition } from './conditions.ts';
import type { RowMakerState } from './row-maker-state.ts';
import { insertValues } from './insert-values.ts';
import { toRowError, type RowError } from './row-error.ts';
import type { TableShape } from './table-shape.ts';
import type { Value } from './value.ts';

const TRIALS_MAX = 300;

/**
 * Inserts rows until PostgreSQL accepts one, rolls each back, and returns the accepted values. Only the columns of the conditions vary.
 * @throws {RowError} the error of the last row.
 */
export async function tryCombinations(
  { session }: RowMakerState,
  table: TableShape,
  choices: readonly Choice[],
  conditions: readonly Condition[],
  known: ReadonlyMap<string, Value>,
): Promise<ReadonlyMap<string, Value>> {
  const usedChoices = choices.filter(({ column }) => conditions.some(({ columns }) => columns.includes(column.name)));
  let refusal: RowError | undefined;
  for (const combination of combinations(usedChoices, TRIALS_MAX)) {
    const found = new Map([...known, ...combination]);
    try {
      await runAndRollBack(session, () => insertValues(session, table, valuesOf(choices, found)));
      return found;
    } catch (error) {
      refusal = toRowError(table, error);
    }
  }
  if (refusal === undefined) throw new TypeError('A choice must have at least one value.');
  throw refusal;
}

/** Yields combinations, those nearest to the preferred one first. */
function* combinations(choices: readonly Choice[], max: number): Generator<[string, Value][]> {
  let count = 0;
  const furthest = choices.reduce((sum, { values }) => sum + values.length - 1, 0);
  for (let distance = 0; distance <= furthest; distance += 1) {
    for (const combination of combinationsAtDistance(choices, distance)) {
      if (count >= max) return;
      count += 1;
      yield combination;
    }
  }
}

/** Yields the combinations in which the positions of the values add up to the distance. */
function* combinationsAtDistance([choice, ...rest]: readonly Choice[], distance: number): Generator<[string, Value][]> {
  if (choice === undefined) {
    if (distance === 0) yield [];
    return;
  }
  for (const [position, value] of choice.values.slice(0, distance + 1).entries()) {
    for (const others of combinationsAtDistance(rest, distance - position))
      yield [[choice.column.name, value], ...others];
  }
}
