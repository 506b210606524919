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
  /** Keys that refused a row, although its values seemed to be free. */
  readonly clashed: ReadonlySet<string>;
  /** Conditions that cannot be evaluated for all values at once. */
  readonly oneByOne: ReadonlySet<string>;
}

/** The conditions that need a search. None if the preferred values satisfy all conditions. */
export function conditionsToSearch(
  state: RowMakerState,
  table: TableShape,
  choices: readonly Choice[],
  options: ChooseOptions,
): Condition[] {
  const settled = settledValues(state, table, options);
  const conditions = [...checksOf(table), ...keysToSearch(table, choices, options.clashed)];
  const isOpen = ({ columns }: Part): boolean => ![...columns].every((name) => settled.has(name));
  return groupConditions(conditions)
    .filter((part) => !isReusable(table, part, options) || isOpen(part))
    .flatMap((part) => part.conditions);
}

/**
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
  const settled = settledValues(state, table, options);
  if (conditions.length === 0) return valuesOf(choices, settled);
  const isSlow = ({ name }: Condition): boolean => options.oneByOne.has(name);
  const fast = conditions.filter((condition) => !isSlow(condition));
  const searched = await searchValues({ session: state.session, table, choices, conditions: fast });
  if ('unsatisfied' in searched) throw new Unsatisfied(table, searched.unsatisfied);
  const known = new Map([...settled, ...searched.values]);
  const slow = conditions.filter(isSlow);
  const found = slow.length === 0 ? known : await tryCombinations(state, table, choices, slow, known);
  const lasting = groupConditions(conditions).filter((part) => isReusable(table, part, options));
  const kept = lasting.flatMap(({ columns }) => [...found].filter(([name]) => columns.has(name)));
  const ofTable = state.settled.get(keyOf(table)) ?? new Map<boolean, ReadonlyMap<string, Value>>();
  state.settled.set(keyOf(table), ofTable.set(options.fillsOptionalColumns, new Map([...settled, ...kept])));
  return valuesOf(choices, found);
}

/** Whether the next row can use the same values: those of a CHECK can be used; a key needs other values, and a new parent may need them. */
const isReusable = (table: TableShape, { columns, conditions }: Part, { given }: ChooseOptions): boolean =>
  conditions.every(({ kind }) => kind === 'check') &&
  ![...columns].some((name) => name in given || table.foreignKeys.some((key) => key.columns.includes(name)));

function settledValues(
  { settled }: RowMakerState,
  table: TableShape,
  { given, fillsOptionalColumns }: ChooseOptions,
): ReadonlyMap<string, Value> {
  return new Map(
    [...(settled.get(keyOf(table))?.get(fillsOptionalColumns) ?? [])].filter(([name]) => !(name in given)),
  );
}

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
