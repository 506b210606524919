/** The possible values of a column, the preferred one first. */
import { candidatesOf } from './candidates.ts';
import type { Making, RowValues } from './making.ts';
import { RowError } from './row-error.ts';
import { sampleValue, samplesOf } from './sample-value.ts';
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
  readonly isFull: boolean;
  /** Expressions that name the column and must be true. */
  readonly expressions: (column: ColumnShape) => readonly string[];
}

export function choicesOf(making: Making, table: TableShape, options: ChoiceOptions): Choice[] {
  const references = new Set(table.foreignKeys.flatMap(({ columns }) => columns));
  return table.columns
    .filter(({ isGenerated }) => !isGenerated)
    .map((column) => {
      const { given, parents, isFull, expressions } = options;
      const set = given[column.name];
      if (set !== undefined) return { column, values: [set], isFresh: false };
      const parent = parents.get(column.name);
      if (parent !== undefined) return { column, values: ofParent(column, parent, isFull), isFresh: false };
      if (column.isNullable && references.has(column.name)) return { column, values: [null], isFresh: false };
      // A null cannot be referenced.
      const isNeeded = isFull || (column.default === undefined && making.isReferenced(table, column.name));
      return choiceOf(making, table, column, isNeeded, expressions(column));
    });
}

const ofParent = ({ isNullable }: ColumnShape, value: string, isFull: boolean): Value[] => {
  if (!isNullable) return [value];
  return isFull ? [value, null] : [null, value];
};

function choiceOf(
  making: Making,
  table: TableShape,
  column: ColumnShape,
  isNeeded: boolean,
  expressions: readonly string[],
): Choice {
  if (column.hasSequence && making.ids === 'generated') return { column, values: [DEFAULT], isFresh: true };
  const made = madeValues(making, column, expressions);
  const rest: Value[] = [];
  if (column.default !== undefined) rest.push(DEFAULT);
  if (column.isNullable) rest.push(null);
  const isLeftOut = !isNeeded && !column.hasSequence && rest.length > 0;
  const values: Value[] = isLeftOut ? [...rest, ...made] : [...made.slice(0, 1), ...rest, ...made.slice(1)];
  if (values.length === 0) {
    throw new RowError(table, `no value is known for column ${column.name} of type ${column.type}.`, {
      column: column.name,
    });
  }
  return { column, values, isFresh: isFresh(column, values[0], expressions.length > 0) };
}

/** If a column has at most this number of values, a free one must be searched for. */
const FEW = 10_000;

/** Defaults that differ from row to row. */
const VARIES = /nextval|uuid|random|ulid|cuid|nanoid|clock_timestamp/i;

function isFresh(column: ColumnShape, first: Value | undefined, isBound: boolean): boolean {
  if (first === DEFAULT) return VARIES.test(column.default ?? '') || column.identity !== undefined;
  if (first === null) return false;
  return samplesOf(column) > FEW && !isBound;
}

function madeValues(making: Making, column: ColumnShape, expressions: readonly string[]): string[] {
  const n = making.next();
  const sample = sampleValue(column, n);
  if (sample === undefined) return [];
  const id = column.hasSequence && making.ids === 'negative' && column.category === 'N' ? [negative(column, n)] : [];
  const isSearched = expressions.length > 0 || samplesOf(column) <= FEW;
  return [...new Set([...id, ...(isSearched ? candidatesOf(column, expressions, n) : id.length > 0 ? [] : [sample])])];
}

/** A negative number, which no sequence returns. */
export const negative = ({ baseType }: ColumnShape, n: number): string =>
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
