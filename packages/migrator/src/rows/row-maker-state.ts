/** The state of a row maker: the tables, the rows inserted so far, and the source of new values. */
import type { Session } from '@todo/client/session';
import { RowError } from './row-error.ts';
import { keyOf, type TableName, type TableShape } from './table-shape.ts';
import type { Value } from './value.ts';

/** Values by column, as PostgreSQL's text. A column that is left out gets its default. */
export type RowValues = Readonly<Record<string, string | null>>;

/** All columns of a stored row, as PostgreSQL's text. */
export type StoredRow = Readonly<Record<string, string | null>>;

export interface MakeOptions {
  /** Values that the row must have. */
  readonly given?: RowValues;
  /** Whether nullable columns and columns with a default get values, too. Default: only required columns. */
  readonly fillsOptionalColumns?: boolean;
  /** Names of unique keys that refused an earlier row. Their values are searched among those that no visible row has. Default: none. */
  readonly occupiedKeys?: Iterable<string>;
}

export interface RowMakerOptions {
  /**
   * `negative`, the default: columns with a sequence get a negative number, because an insert that is rolled back keeps the sequence's
   * value. `generated`: they get the next value of their sequence.
   */
  readonly ids?: 'negative' | 'generated';
  /** Rows that the table accepts, for rules outside the catalog, such as those of a trigger. Their keys are not used. Default: none. */
  readonly samples?: (table: TableShape) => readonly RowValues[];
  /** The preferred values of the row with this number, from 0 per table. A constraint may require others. Default: none. */
  readonly preferred?: (table: TableShape, rowNumber: number) => RowValues;
  /** The number of the first value. Default: random, so that two runs create different rows. */
  readonly salt?: number;
}

export interface RowMakerState {
  readonly session: Session;
  readonly ids: 'negative' | 'generated';
  readonly preferred: NonNullable<RowMakerOptions['preferred']>;
  readonly samples: NonNullable<RowMakerOptions['samples']>;
  /** @throws {RowError} for an unknown table. */
  readonly tableOf: (name: TableName) => TableShape;
  /** Whether a foreign key refers to the column. */
  readonly isReferenced: (table: TableName, column: string) => boolean;
  /** Whether any foreign key is deferrable: then a row may fail after the rows that refer to it were inserted. */
  readonly hasDeferrable: boolean;
  /** Returns another number with each call. */
  readonly next: () => number;
  /** The number of inserted rows, by table. */
  readonly rowCounts: Map<string, number>;
  /** By table, inserted rows to which others may refer, the oldest first. At most `STORED_MAX` per table. */
  readonly stored: Map<string, StoredRow[]>;
  /** By table, the values of its unfinished row that are fixed already. Its parents are inserted at the moment. */
  readonly unfinishedRows: Map<string, Map<string, string>>;
  /** By table and `fillsOptionalColumns` of the row, values that satisfied the table's CHECKs. The next row uses them without a search. */
  readonly reusableValues: Map<string, Map<boolean, ReadonlyMap<string, Value>>>;
  /** Constraints that are deferred until an unfinished row is inserted, and whether they are INITIALLY DEFERRED. */
  readonly deferred: Map<string, boolean>;
}

export function newRowMakerState(
  session: Session,
  tables: readonly TableShape[],
  { ids, preferred, samples, salt }: Pick<RowMakerState, 'ids' | 'preferred' | 'samples'> & { readonly salt: number },
): RowMakerState {
  const byKey = new Map(tables.map((table) => [keyOf(table), table]));
  const referenced = new Set(
    tables.flatMap(({ foreignKeys }) =>
      foreignKeys.flatMap(({ references }) => references.columns.map((column) => keyOf(references) + column)),
    ),
  );
  let lastNumber = salt;
  return {
    session,
    ids,
    preferred,
    samples,
    tableOf: (name) => {
      const table = byKey.get(keyOf(name));
      if (table === undefined) throw new RowError(name, 'it is not among the tables that the row maker got.');
      return table;
    },
    isReferenced: (table, column) => referenced.has(keyOf(table) + column),
    hasDeferrable: tables.some(({ foreignKeys }) => foreignKeys.some(({ isDeferrable }) => isDeferrable)),
    next: () => (lastNumber += 1),
    rowCounts: new Map(),
    stored: new Map(),
    unfinishedRows: new Map(),
    reusableValues: new Map(),
    deferred: new Map(),
  };
}
