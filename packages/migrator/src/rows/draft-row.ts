/** Inserts the parent rows of a new row, and finds the possible values of each column. */
import { runInSavepoint } from '../transaction.ts';
import { literal } from '../catalog/quoted.ts';
import { type Choice, type ChoiceOptions, findChoices } from './choice.ts';
import { checksOf, columnsIn, keysOf } from './conditions.ts';
import type { MakeOptions, RowMakerState, RowValues } from './row-maker-state.ts';
import { groupConditions } from './group-conditions.ts';
import { findParents, type ParentsOptions } from './parents.ts';
import { searchValues, SearchFailure } from './search-values.ts';
import { type ColumnShape, keyOf, type TableShape } from './table-shape.ts';

export interface DraftOptions
  extends MakeOptions, Pick<ParentsOptions, 'keysToRenew' | 'mayBeDeleted' | 'createParent'> {
  /** Whether values for the CHECKs are chosen before the parent rows: for example, if `kind` must be 'book' in the parent as well. */
  readonly choosesReferencesFirst: boolean;
  /** Unique keys and exclusion constraints that refused a row: they need values far from each other. */
  readonly refusingConstraints: ReadonlySet<string>;
}

/** Returns the possible values of each column. The session must be inside a transaction, because missing parent rows are inserted. */
export async function draftRow(state: RowMakerState, table: TableShape, options: DraftOptions): Promise<Choice[]> {
  const { given = {}, fillsOptionalColumns = false, choosesReferencesFirst } = options;
  const checks = checksOf(table);
  const constrainedColumns = new Set(checks.flatMap(({ columns }) => columns));
  const keys = keysOf(table).filter(({ name }) => options.refusingConstraints.has(name));
  const parts = groupConditions([...checks, ...keys]);
  const knownValues = new Map(Object.entries(given));
  const expressions = ({ name }: ColumnShape): string[] => {
    const part = parts.find(({ columns }) => columns.has(name));
    if (part === undefined) return [];
    const ofConditions = part.conditions.flatMap((condition) => condition.expressions);
    // The known values of other columns are candidates, like the literals of an expression.
    return [...ofConditions, ...literalsAmong(knownValues, part.columns)];
  };
  // If the foreign keys form a cycle, a parent may refer back to this row. It then stores here the key values that this row must get.
  const unfinishedRow = new Map(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== null));
  state.unfinishedRows.set(keyOf(table), unfinishedRow);
  try {
    const referenceValues = {
      ...(choosesReferencesFirst
        ? await findReferenceValues(state, table, { given, fillsOptionalColumns, expressions, parentValues: new Map() })
        : {}),
      ...(await generatedReferences(state, table)),
    };
    const parentValues = await findParents(state, table, {
      ...options,
      given: { ...referenceValues, ...given },
      fillsOptionalColumns,
      constrainedColumns,
    });
    for (const [name, value] of parentValues) knownValues.set(name, value);
    const allGiven = { ...Object.fromEntries(unfinishedRow), ...given };
    return findChoices(state, table, { given: allGiven, parentValues, fillsOptionalColumns, expressions });
  } finally {
    state.unfinishedRows.delete(keyOf(table));
  }
}

const literalsAmong = (values: ReadonlyMap<string, string | null>, columns: ReadonlySet<string>): string[] =>
  [...values].flatMap(([name, value]) => (columns.has(name) && value !== null ? [literal(value)] : []));

/** Finds a valid value for each column that refers to a parent and has a CHECK on this column alone. */
async function findReferenceValues(
  state: RowMakerState,
  table: TableShape,
  options: ChoiceOptions,
): Promise<RowValues> {
  const references = new Set(table.foreignKeys.flatMap(({ columns }) => columns));
  const conditions = checksOf(table).filter(
    ({ columns: [column, ...others] }) => column !== undefined && others.length === 0 && references.has(column),
  );
  const columns = table.columns
    .filter(({ name }) => conditions.some((condition) => condition.columns.includes(name)))
    .map(toRequiredColumn);
  // Rotated, so that another attempt finds another value, and so another parent.
  const found = findChoices(state, { ...table, columns }, options);
  const choices = found.map((choice) => rotateValues(choice, state.next()));
  const { session } = state;
  const search = () => searchValues({ session, table, choices, conditions });
  const searched = await runInSavepoint(session, search).catch((error: unknown) => {
    if (error instanceof SearchFailure) return { unsatisfied: error.conditions };
    throw error;
  });
  if ('unsatisfied' in searched) return {};
  const entries = [...searched.values].filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(entries);
}

const rotateValues = ({ values, ...choice }: Choice, n: number): Choice => {
  const start = n % values.length;
  return { ...choice, values: [...values.slice(start), ...values.slice(0, start)] };
};

const toRequiredColumn = ({ default: _default, ...column }: ColumnShape): ColumnShape => ({
  ...column,
  isNullable: false,
});

/** Returns the values of generated columns that refer to a parent and have the same value in each row. */
async function generatedReferences({ session }: RowMakerState, table: TableShape): Promise<RowValues> {
  const constant = table.columns.filter(
    ({ name, generation }) =>
      generation !== undefined &&
      columnsIn(generation, table).length === 0 &&
      table.foreignKeys.some(({ columns }) => columns.includes(name)),
  );
  if (constant.length === 0) return {};
  const list = constant.map(
    ({ generation = 'null', type }, index) => `cast(${generation} as ${type})::text as v${index}`,
  );
  const { rows } = await session.query(`select ${list.join(', ')}`);
  return Object.fromEntries(constant.map(({ name }, index) => [name, String(rows[0]?.[`v${index}`])]));
}
