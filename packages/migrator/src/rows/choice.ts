/** Finds the possible values of each column, the preferred one first. */
import { candidatesOf } from './candidates.ts';
import { removeDuplicates } from './literals.ts';
import type { RowMakerState, RowValues } from './row-maker-state.ts';
import { RowError } from './row-error.ts';
import { sampleValue, countSamples } from './sample-value.ts';
import type { ColumnShape, TableShape } from './table-shape.ts';
import { DEFAULT, type Value } from './value.ts';

export interface Choice {
  readonly column: ColumnShape;
  /** The possible values, the preferred one first. */
  readonly values: readonly Value[];
  /** Whether the preferred value differs from row to row. Then a unique key needs no search. */
  readonly varies: boolean;
}

export interface ChoiceOptions {
  /** Values that the row must have. */
  readonly given: RowValues;
  /** By column, the value with which the row refers to its parent row. A nullable column may use it, or null. */
  readonly parentValues: ReadonlyMap<string, string>;
  readonly fillsOptionalColumns: boolean;
  /** Expressions that name the column and must be true. */
  readonly expressions: (column: ColumnShape) => readonly string[];
}

/** Returns the possible values of each column, except generated columns. */
export function findChoices(state: RowMakerState, table: TableShape, options: ChoiceOptions): Choice[] {
  const references = new Set(table.foreignKeys.flatMap(({ columns }) => columns));
  return table.columns
    .filter(({ isGenerated }) => !isGenerated)
    .map((column) => {
      const { given, parentValues, fillsOptionalColumns, expressions } = options;
      const givenValue = given[column.name];
      if (givenValue !== undefined) return { column, values: [givenValue], varies: false };
      const parentValue = parentValues.get(column.name);
      if (parentValue !== undefined) {
        return { column, values: addNullIfNullable(column, parentValue, fillsOptionalColumns), varies: false };
      }
      if (column.isNullable && references.has(column.name)) return { column, values: [null], varies: false };
      // A null cannot be referenced.
      const isNeeded = fillsOptionalColumns || (column.default === undefined && state.isReferenced(table, column.name));
      return chooseColumnValues(state, table, column, isNeeded, expressions(column));
    });
}

const addNullIfNullable = ({ isNullable }: ColumnShape, value: string, fillsOptionalColumns: boolean): Value[] => {
  if (!isNullable) return [value];
  return fillsOptionalColumns ? [value, null] : [null, value];
};

/** @param isNeeded whether the row must have a value other than null and the default, if there is one. */
function chooseColumnValues(
  state: RowMakerState,
  table: TableShape,
  column: ColumnShape,
  isNeeded: boolean,
  expressions: readonly string[],
): Choice {
  if (column.hasSequence && state.ids === 'generated') return { column, values: [DEFAULT], varies: true };
  const created = candidateValues(state, column, expressions);
  const otherValues: Value[] = [];
  if (column.default !== undefined) otherValues.push(DEFAULT);
  if (column.isNullable) otherValues.push(null);
  const isLeftOut = !isNeeded && !column.hasSequence && otherValues.length > 0;
  const [preferred, others] = isLeftOut ? [[], created] : [created.slice(0, 1), created.slice(1)];
  const values: Value[] = [...preferred, ...otherValues, ...others];
  if (values.length === 0) {
    const reason = `no value is known for column ${column.name} of type ${column.type}.`;
    throw new RowError(table, reason, { column: column.name });
  }
  return { column, values, varies: varies(column, values[0], expressions.length > 0) };
}

/** If a column has at most this number of sample values, rows may repeat them, so a search must find a value that no row has. */
const FEW_VALUES_MAX = 10_000;

/** Matches a default that differs from row to row. */
const VARYING_DEFAULT = /nextval|uuid|random|ulid|cuid|nanoid|clock_timestamp/i;

function varies(column: ColumnShape, preferred: Value | undefined, isInCondition: boolean): boolean {
  if (preferred === DEFAULT) return VARYING_DEFAULT.test(column.default ?? '') || column.identity !== undefined;
  if (preferred === null) return false;
  return countSamples(column) > FEW_VALUES_MAX && !isInCondition;
}

/**
 * Returns values to insert. One, if no condition names the column and its type has so many values that rows repeat none. Else candidates for
 * a search: a row may have them already. None for an unknown type.
 */
function candidateValues(state: RowMakerState, column: ColumnShape, expressions: readonly string[]): string[] {
  const n = state.next();
  const sample = sampleValue(column, n);
  if (sample === undefined) return [];
  const isNegativeId = column.hasSequence && state.ids === 'negative' && column.category === 'N';
  const preferred = isNegativeId ? negativeNumber(column, n) : sample;
  const needsSearch = expressions.length > 0 || countSamples(column) <= FEW_VALUES_MAX;
  if (!needsSearch) return [preferred];
  return removeDuplicates([...(isNegativeId ? [preferred] : []), ...candidatesOf(column, expressions, n)]);
}

/** A negative number, which no sequence returns. */
export const negativeNumber = ({ baseType }: ColumnShape, n: number): string =>
  String(-1 - (n % (baseType === 'smallint' ? 32_767 : 2_147_483_647)));

/** The values to insert: by column, the found one, else the preferred one. Columns that get their default, or null, are left out. */
export function valuesOf(choices: readonly Choice[], found: ReadonlyMap<string, Value>): RowValues {
  return Object.fromEntries(
    choices.flatMap(({ column, values: [first] }): [string, string | null][] => {
      const value = found.has(column.name) ? found.get(column.name) : first;
      if (value === undefined || value === DEFAULT || (value === null && column.default === undefined)) return [];
      return [[column.name, value]];
    }),
  );
}
