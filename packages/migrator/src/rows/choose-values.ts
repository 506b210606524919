/** Chooses a value for each column so that the table's conditions hold. */
import { type Choice, valuesOf } from './choice.ts';
import { checksOf, type Condition, keysToSearch } from './conditions.ts';
import type { RowMakerState, RowValues } from './row-maker-state.ts';
import { type Part, groupConditions } from './group-conditions.ts';
import { CHECK_VIOLATION, EXCLUSION_VIOLATION, UNIQUE_VIOLATION } from './constraint-violations.ts';
import { RowError, SAMPLE_REMEDY } from './row-error.ts';
import { searchValues } from './search-values.ts';
import { keyOf, type TableShape } from './table-shape.ts';
import { tryCombinations } from './try-combinations.ts';
import type { Value } from './value.ts';

export interface ChooseOptions {
  readonly given: RowValues;
  readonly fillsOptionalColumns: boolean;
  /** Names of keys that refused a row, although the search found no row with the same values. */
  readonly refusingConstraints: ReadonlySet<string>;
  /** Names of conditions that cannot be evaluated for all values at once: rows with these values are inserted one by one. */
  readonly triedOneByOne: ReadonlySet<string>;
}

/** Returns the conditions that need a search. None if the preferred and the reusable values satisfy all conditions. */
export function conditionsToSearch(
  state: RowMakerState,
  table: TableShape,
  choices: readonly Choice[],
  options: ChooseOptions,
): Condition[] {
  const reusable = findReusableValues(state, table, options);
  const conditions = [...checksOf(table), ...keysToSearch(table, choices, options.refusingConstraints)];
  const hasOpenColumn = ({ columns }: Part): boolean => [...columns].some((name) => !reusable.has(name));
  return groupConditions(conditions)
    .filter((part) => !isReusable(table, part, options) || hasOpenColumn(part))
    .flatMap((part) => part.conditions);
}

/**
 * Returns the values of a row that satisfies the conditions.
 * @throws {SearchFailure} if a condition cannot be evaluated for some value.
 * @throws {Unsatisfied} if no combination satisfies the conditions.
 */
export async function chooseValues(
  state: RowMakerState,
  table: TableShape,
  choices: readonly Choice[],
  conditions: readonly Condition[],
  options: ChooseOptions,
): Promise<RowValues> {
  const reusable = findReusableValues(state, table, options);
  if (conditions.length === 0) return valuesOf(choices, reusable);
  const isTriedOneByOne = ({ name }: Condition): boolean => options.triedOneByOne.has(name);
  const searchable = conditions.filter((condition) => !isTriedOneByOne(condition));
  const searched = await searchValues({ session: state.session, table, choices, conditions: searchable });
  if ('unsatisfied' in searched) throw new Unsatisfied(table, searched.unsatisfied);
  const searchedValues = new Map([...reusable, ...searched.values]);
  const others = conditions.filter(isTriedOneByOne);
  const found =
    others.length === 0 ? searchedValues : await tryCombinations(state, table, choices, others, searchedValues);
  const reusableParts = groupConditions(conditions).filter((part) => isReusable(table, part, options));
  const newlyReusable = reusableParts.flatMap(({ columns }) => [...found].filter(([name]) => columns.has(name)));
  const ofTable = state.reusableValues.get(keyOf(table)) ?? new Map<boolean, ReadonlyMap<string, Value>>();
  ofTable.set(options.fillsOptionalColumns, new Map([...reusable, ...newlyReusable]));
  state.reusableValues.set(keyOf(table), ofTable);
  return valuesOf(choices, found);
}

/** Whether the next row can use the same values: they satisfy a CHECK again, but keys need other values, and parents may differ. */
const isReusable = (table: TableShape, { columns, conditions }: Part, { given }: ChooseOptions): boolean =>
  conditions.every(({ kind }) => kind === 'check') &&
  ![...columns].some((name) => name in given || table.foreignKeys.some((key) => key.columns.includes(name)));

function findReusableValues(
  { reusableValues }: RowMakerState,
  table: TableShape,
  { given, fillsOptionalColumns }: ChooseOptions,
): ReadonlyMap<string, Value> {
  const values = reusableValues.get(keyOf(table))?.get(fillsOptionalColumns) ?? [];
  return new Map([...values].filter(([name]) => !(name in given)));
}

/** No combination of the tried values satisfies these conditions. */
export class Unsatisfied extends RowError {
  readonly conditions: readonly Condition[];

  constructor(table: TableShape, conditions: readonly Condition[]) {
    const key = conditions.find(({ kind }) => kind !== 'check');
    const names = conditions.map(({ name, kind }) => `${KINDS[kind]} ${name}`).join(', ');
    super(table, `none of the tried values satisfies the ${names}. ${SAMPLE_REMEDY}`, {
      constraint: (key ?? conditions[0])?.name,
      sqlState: SQL_STATES[key?.kind ?? 'check'],
    });
    this.conditions = conditions;
  }
}

const KINDS = { check: 'CHECK constraint', unique: 'unique key', exclusion: 'exclusion constraint' } as const;
const SQL_STATES = { check: CHECK_VIOLATION, unique: UNIQUE_VIOLATION, exclusion: EXCLUSION_VIOLATION } as const;
