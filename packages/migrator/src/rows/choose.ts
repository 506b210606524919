/** Chooses a value for each column so that the table's conditions hold. */
import { type Choice, valuesOf } from './choice.ts';
import { checksOf, type Condition, keysToSearch } from './conditions.ts';
import type { Making, RowValues } from './making.ts';
import { type Part, partsOf } from './parts.ts';
import { RowError, SAMPLE } from './row-error.ts';
import { search } from './search.ts';
import { keyOf, type TableShape } from './table-shape.ts';
import { trial } from './trial.ts';
import type { Value } from './value.ts';

export interface ChooseOptions {
  readonly given: RowValues;
  readonly isFull: boolean;
  /** Keys that refused a row, although its values seemed to be free. */
  readonly clashed: ReadonlySet<string>;
  /** Conditions that cannot be evaluated for all values at once. */
  readonly oneByOne: ReadonlySet<string>;
}

/** The conditions that need a search. None if the preferred values satisfy all. */
export function conditionsToSearch(
  making: Making,
  table: TableShape,
  choices: readonly Choice[],
  options: ChooseOptions,
): Condition[] {
  const settled = settledValues(making, table, options);
  const conditions = [...checksOf(table), ...keysToSearch(table, choices, options.clashed)];
  const isOpen = ({ columns }: Part): boolean => ![...columns].every((name) => settled.has(name));
  return partsOf(conditions)
    .filter((part) => !isLasting(table, part, options) || isOpen(part))
    .flatMap((part) => part.conditions);
}

/**
 * @throws {SearchFailure} if a condition cannot be evaluated for some value.
 * @throws {Unsatisfied} if no combination satisfies the conditions.
 */
export async function choose(
  making: Making,
  table: TableShape,
  choices: readonly Choice[],
  conditions: readonly Condition[],
  options: ChooseOptions,
): Promise<RowValues> {
  const settled = settledValues(making, table, options);
  if (conditions.length === 0) return valuesOf(choices, settled);
  const isSlow = ({ name }: Condition): boolean => options.oneByOne.has(name);
  const fast = conditions.filter((condition) => !isSlow(condition));
  const searched = await search({ session: making.session, table, choices, conditions: fast });
  if ('unsatisfied' in searched) throw new Unsatisfied(table, searched.unsatisfied);
  const known = new Map([...settled, ...searched.values]);
  const slow = conditions.filter(isSlow);
  const found = slow.length === 0 ? known : await trial(making, table, choices, slow, known);
  const lasting = partsOf(conditions).filter((part) => isLasting(table, part, options));
  const kept = lasting.flatMap(({ columns }) => [...found].filter(([name]) => columns.has(name)));
  const ofTable = making.settled.get(keyOf(table)) ?? new Map<boolean, ReadonlyMap<string, Value>>();
  making.settled.set(keyOf(table), ofTable.set(options.isFull, new Map([...settled, ...kept])));
  return valuesOf(choices, found);
}

/** Whether the values can be used for the next row, too: those of a CHECK can; a key needs other values, and so may a new parent. */
const isLasting = (table: TableShape, { columns, conditions }: Part, { given }: ChooseOptions): boolean =>
  conditions.every(({ kind }) => kind === 'check') &&
  ![...columns].some((name) => name in given || table.foreignKeys.some((key) => key.columns.includes(name)));

function settledValues(
  { settled }: Making,
  table: TableShape,
  { given, isFull }: ChooseOptions,
): ReadonlyMap<string, Value> {
  return new Map([...(settled.get(keyOf(table))?.get(isFull) ?? [])].filter(([name]) => !(name in given)));
}

export class Unsatisfied extends RowError {
  readonly conditions: readonly Condition[];

  constructor(table: TableShape, conditions: readonly Condition[]) {
    const key = conditions.find(({ kind }) => kind !== 'check');
    const names = conditions.map(({ name, kind }) => `${KINDS[kind]} ${name}`).join(', ');
    super(table, `none of the tried values satisfies the ${names}. ${SAMPLE}`, {
      constraint: (key ?? conditions[0])?.name,
      sqlState: SQL_STATES[key?.kind ?? 'check'],
    });
    this.conditions = conditions;
  }
}

const KINDS = { check: 'CHECK constraint', unique: 'unique key', exclusion: 'exclusion constraint' } as const;
const SQL_STATES = { check: '23514', unique: '23505', exclusion: '23P01' } as const;
