/** The state of a row maker: the tables, the rows made so far, and the source of new values. */
import type { Session } from '@todo/client/session';
import type { Value } from './choice.ts';
import { RowError } from './row-error.ts';
import { keyOf, type TableName, type TableShape } from './table-shape.ts';

/** By column, as PostgreSQL's text; a column that is left out gets its default. */
export type RowValues = Readonly<Record<string, string | null>>;

/** All columns of a stored row, as PostgreSQL's text. */
export type StoredRow = Readonly<Record<string, string | null>>;

export interface MakeOptions {
  /** Values that the row must have. */
  readonly given?: RowValues;
  /** Nullable columns and those with a default get values, too. Default: only what a row must have. */
  readonly isFull?: boolean;
}

export interface RowMakerOptions {
  /**
   * `negative`, the default: columns with a sequence get a negative number, because an insert that is rolled back keeps the
   * sequence's value. `generated`: they are left to their sequence.
   */
  readonly ids?: 'negative' | 'generated';
  /** Rows that the table takes, for what cannot be found: a column's meaning, or a trigger's. Their keys are not used. */
  readonly samples?: (table: TableShape) => readonly RowValues[];
  /** What a row has, the first or the so manieth, unless a constraint wants something else. Default: nothing. */
  readonly preferred?: (table: TableShape, place: number) => RowValues;
  /** The number of the first value; default: random, so that two runs make different rows. */
  readonly salt?: number;
}

interface Settled {
  readonly full: ReadonlyMap<string, Value>;
  readonly few: ReadonlyMap<string, Value>;
}

export interface Making {
  readonly session: Session;
  readonly ids: 'negative' | 'generated';
  readonly preferred: NonNullable<RowMakerOptions['preferred']>;
  /** @throws {RowError} for a table that is not among those given. */
  readonly tableOf: (name: TableName) => TableShape;
  /** Columns that a foreign key of some table refers to. */
  readonly isReferenced: (table: TableName, column: string) => boolean;
  /** Some foreign key can be checked later: a row that others wait for may fail after these were made. */
  readonly hasDeferrable: boolean;
  /** Another number each time. */
  readonly next: () => number;
  /** The rows that others may refer to, the oldest first. */
  readonly stored: Map<string, StoredRow[]>;
  /** Tables whose row is being made, with the values of it that are already fixed. */
  readonly underWay: Map<string, Map<string, string>>;
  /** By table, values that satisfied its CHECKs in a row of all columns, and in one of few: the next needs no search. */
  readonly settled: Map<string, Settled>;
  /** Constraints that wait for a row under way, and whether they are deferred by themselves. */
  readonly deferred: Map<string, boolean>;
}

export function newMaking(
  session: Session,
  tables: readonly TableShape[],
  { ids, preferred, salt }: Pick<Making, 'ids' | 'preferred'> & { readonly salt: number },
): Making {
  const byKey = new Map(tables.map((table) => [keyOf(table), table]));
  const referenced = new Set(
    tables.flatMap(({ foreignKeys }) =>
      foreignKeys.flatMap(({ references }) => references.columns.map((column) => keyOf(references) + column)),
    ),
  );
  let number = salt;
  return {
    session,
    ids,
    preferred,
    tableOf: (name) => {
      const table = byKey.get(keyOf(name));
      if (table === undefined) throw new RowError(name, 'the row maker was not given this table.');
      return table;
    },
    isReferenced: (table, column) => referenced.has(keyOf(table) + column),
    hasDeferrable: tables.some(({ foreignKeys }) => foreignKeys.some(({ isDeferrable }) => isDeferrable)),
    next: () => (number += 1),
    stored: new Map(),
    underWay: new Map(),
    settled: new Map(),
    deferred: new Map(),
  };
}
