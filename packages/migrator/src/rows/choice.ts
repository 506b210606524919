/** Finds the possible values of each column, the preferred one first. */
import { candidatesOf } from './candidates.ts';
import type { RowMakerState, RowValues } from './row-maker-state.ts';
import { RowError } from './row-error.ts';
import { sampleValue, countSamples } from './sample-value.ts';
import type { ColumnShape, TableShape } from './table-shape.ts';
import { DEFAULT, type Value } from './value.ts';

export interface Choice {
  readonly column: ColumnShape;
  readonly values: readonly Value[];
  /** Whether each row gets another value without a search. */
  readonly isFresh: boolean;
}

export interface ChoiceOptions {
  /** Values that the row must have. */
  readonly given: RowValues;
  /** Values of the parent rows. Nullable columns may use them. */
  readonly parents: ReadonlyMap<string, string>;
  readonly fillsOptionalColumns: boolean;
  /** Expressions that name the column and must be true. */
  readonly expressions: (column: ColumnShape) => readonly string[];
}

export function findChoices(state: RowMakerState, table: TableShape, options: ChoiceOptions): Choice[] {
  const references = new Set(table.foreignKeys.flatMap(({ columns }) => columns));
  return table.columns
    .filter(({ isGenerated }) => !isGenerated)
    .map((column) => {
      const { given, parents, fillsOptionalColumns, expressions } = options;
      const set = given[column.name];
      if (set !== undefined) return { column, values: [set], isFresh: false };
      const parent = parents.get(column.name);
      if (parent !== undefined)
        return { column, values: parentValues(column, parent, fillsOptionalColumns), isFresh: false };
      if (column.isNullable && references.has(column.name)) return { column, values: [null], isFresh: false };
      // A null cannot be referenced.
      const isNeeded = fillsOptionalColumns || (column.default === undefined && state.isReferenced(table, column.name));
      return chooseColumnValues(state, table, column, isNeeded, expressions(column));
    });
}

const parentValues = ({ isNullable }: ColumnShape, value: string, fillsOptionalColumns: boolean): Value[] => {
  if (!isNullable) return [value];
  return fillsOptionalColumns ? [value, null] : [null, value];
};

function chooseColumnValues(
  state: RowMakerState,
  table: TableShape,
  column: ColumnShape,
  isNeeded: boolean,
  expressions: readonly string[],
): Choice {
  if (column.hasSequence && state.ids === 'generated') return { column, values: [DEFAULT], isFresh: true };
  const created = newValues(state, column, expressions);
  const rest: Value[] = [];
  if (column.default !== undefined) rest.push(DEFAULT);
  if (column.isNullable) rest.push(null);
  const isLeftOut = !isNeeded && !column.hasSequence && rest.length > 0;
  const values: Value[] = isLeftOut ? [...rest, ...created] : [...created.slice(0, 1), ...rest, ...created.slice(1)];
  if (values.length === 0) {
    throw new RowError(table, `no value is known for column ${column.name} of type ${column.type}.`, {
      column: column.name,
    });
  }
  return { column, values, isFresh: isFresh(column, values[0], expressions.length > 0) };
}

/** If a column has at most this number of values, a free one must be searched for. */
const FEW_VALUES_MAX = 10_000;

/** Defaults that differ from row to row. */
const VARIES = /nextval|uuid|random|ulid|cuid|nanoid|clock_timestamp/i;

function isFresh(column: ColumnShape, first: Value | undefined, isBound: boolean): boolean {
  if (first === DEFAULT) return VARIES.test(column.default ?? '') || column.identity !== undefined;
  if (first === null) return false;
  return countSamples(column) > FEW_VALUES_MAX && !isBound;
}

function newValues(state: RowMakerState, column: ColumnShape, expressions: readonly string[]): string[] {
  const n = state.next();
  const sample = sampleValue(column, n);
  if (sample === undefined) return [];
  const id =
    column.hasSequence && state.ids === 'negative' && column.category === 'N' ? [negativeNumber(column, n)] : [];
  const isSearched = expressions.length > 0 || countSamples(column) <= FEW_VALUES_MAX;
  return [...new Set([...id, ...(isSearched ? candidatesOf(column, expressions, n) : id.length > 0 ? [] : [sample])])];
}

/** A negative number, which no sequence returns. */
export const negativeNumber = ({ baseType }: ColumnShape, n: number): string =>
  String(-1 - (n % (baseType === 'smallint' ? 32_767 : 2_147_483_647)));

/** The values to insert: the found ones, else the preferred ones. */
export function valuesOf(choices: readonly Choice[], found: ReadonlyMap<string, Value>): RowValues {
  return Object.fromEntries(
    choices.flatMap(({ column, values: [first] }): [string, string | null][] => {
      const value = found.has(column.name) ? found.get(column.name) : first;
      if (value === undefined || value === DEFAULT || (value === null && column.default === undefined)) return [];
      return [[column.name, value]];
    }),
  );
}
