/** Makes rows that PostgreSQL accepts, for any table. */
import { randomInt } from 'node:crypto';

import type { Session } from '@todo/client/session';
import { type Choice, choicesOf, DEFAULT, type Value } from './choice.ts';
import { checksOf, type Condition, keysToSearch } from './conditions.ts';
import {
  type MakeOptions,
  type Making,
  newMaking,
  type RowMakerOptions,
  type RowValues,
  type StoredRow,
} from './making.ts';
import { findParents } from './parents.ts';
import { constraintSql, plainInsert } from './plain-insert.ts';
import { refusalOf, refused, RowError } from './row-error.ts';
import { inSavepoint } from './savepoint.ts';
import { search } from './search.ts';
import { type ColumnShape, keyOf, type TableShape } from './table-shape.ts';

export interface RowMaker {
  /**
   * Makes a row and inserts it; rows that it refers to first.
   * @returns the stored row.
   * @throws {RowError} when no row can be made. The transaction can go on.
   */
  insert(table: TableShape, options?: MakeOptions): Promise<StoredRow>;
  /**
   * The values that `insert` would write; the rows that they refer to are inserted.
   * @throws {RowError}
   */
  values(table: TableShape, options?: MakeOptions): Promise<RowValues>;
  /**
   * Inserts these values, and the default of each column that is left out.
   * @throws PostgreSQL's own error, after which the transaction cannot go on.
   */
  insertValues(table: TableShape, values: RowValues): Promise<StoredRow>;
}

/**
 * The session must be inside a transaction: attempts are undone by savepoints. Rows are inserted as the session's role.
 *
 * ```ts
 * const tables = await readTables(session);
 * const maker = rowMaker(session, tables);
 * for (const table of tables) await maker.insert(table);
 * ```
 */
export function rowMaker(session: Session, tables: readonly TableShape[], options: RowMakerOptions = {}): RowMaker {
  const { ids = 'negative', samples = () => [], salt = randomInt(1, 1_000_000) } = options;
  const making = newMaking(session, tables, ids, salt);
  return {
    insert: (table, own) => withSamples(making, table, samples, own, (given) => insertRow(making, table, given)),
    values: (table, own) => withSamples(making, table, samples, own, (given) => makeValues(making, table, given)),
    insertValues: (table, values) => plainInsert(session, table, values),
  };
}

/** Where no row can be made otherwise, a sample row's values are tried, without its keys. */
async function withSamples<T>(
  { isReferenced }: Making,
  table: TableShape,
  samples: (table: TableShape) => readonly RowValues[],
  options: MakeOptions = {},
  make: (options: MakeOptions) => Promise<T>,
): Promise<T> {
  try {
    return await make(options);
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    for (const sample of samples(table)) {
      const isOwn = (name: string): boolean =>
        !isReferenced(table, name) &&
        !table.foreignKeys.some(({ columns }) => columns.includes(name)) &&
        !table.uniqueKeys.some(({ columns }) => columns.includes(name));
      const given = Object.fromEntries(Object.entries(sample).filter(([name]) => isOwn(name)));
      try {
        return await make({ ...options, given: { ...given, ...options.given } });
      } catch (other) {
        if (!(other instanceof RowError)) throw other;
      }
    }
    throw error;
  }
}

const ATTEMPTS_MAX = 6;

async function insertRow(making: Making, table: TableShape, options: MakeOptions): Promise<StoredRow> {
  const row = await attempts(making, table, options, async (values) => {
    const inserted = await plainInsert(making.session, table, values);
    await checkDeferred(making, table);
    return inserted;
  });
  const stored = making.stored.get(keyOf(table)) ?? [];
  making.stored.set(keyOf(table), [...stored.slice(-20), row]);
  return row;
}

/** A constraint that is checked at the end would refuse the row when nobody can make another one. */
async function checkDeferred(making: Making, table: TableShape): Promise<void> {
  if (making.underWay.size > 0) return;
  const own = [...table.foreignKeys, ...table.uniqueKeys].filter(({ isDeferred }) => isDeferred);
  for (const { name } of own) making.deferred.set(constraintSql(table, name), true);
  for (const [name, isDeferred] of making.deferred) {
    await making.session.query(
      `set constraints ${name} immediate${isDeferred ? `; set constraints ${name} deferred` : ''}`,
    );
  }
  making.deferred.clear();
}

const makeValues = (making: Making, table: TableShape, options: MakeOptions): Promise<RowValues> =>
  attempts(making, table, options, (values) => Promise.resolve(values));

/** Tries again with other values, and then with other parents, when a row like it is there already. */
async function attempts<T>(
  making: Making,
  table: TableShape,
  options: MakeOptions,
  use: (values: RowValues) => Promise<T>,
): Promise<T> {
  const clashed = new Set<string>();
  for (let attempt = 0; ; attempt += 1) {
    try {
      const choices = await draft(making, table, options, renewedIn(table, clashed, attempt));
      return await inSavepoint(making.session, async () => use(await chooseValues(making, table, choices, clashed)));
    } catch (error) {
      if (error instanceof RowError && error.sqlState !== '23505') throw error;
      const { code, constraint } =
        error instanceof RowError ? { code: '23505', constraint: error.constraint } : refusalOf(error);
      const mayEnd = code === '23505' || code === '23P01';
      if (!mayEnd || attempt >= ATTEMPTS_MAX) throw error instanceof RowError ? error : refused(table, error);
      if (constraint !== undefined) clashed.add(constraint);
    }
  }
}

/** First one parent is renewed, then another one, in the end all: for a row that is one of its parent's only. */
function renewedIn(table: TableShape, clashed: ReadonlySet<string>, attempt: number): Set<string> {
  if (attempt === 0) return new Set();
  const columns = new Set(
    [...table.uniqueKeys.map((key) => ({ name: key.name, columns: key.dependsOn })), ...table.exclusions]
      .filter(({ name }) => clashed.has(name))
      .flatMap((key) => key.columns),
  );
  const keys = table.foreignKeys
    .filter((key) => key.columns.some((column) => columns.has(column)))
    .map(({ name }) => name);
  return new Set(attempt > keys.length ? keys : keys.slice(attempt - 1, attempt));
}

async function draft(
  making: Making,
  table: TableShape,
  options: MakeOptions,
  renewed: ReadonlySet<string>,
): Promise<Choice[]> {
  const { given = {}, isFull = false } = options;
  const checks = checksOf(table);
  const bound = new Set(checks.flatMap(({ columns }) => columns));
  const planned = new Map(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== null));
  making.underWay.set(keyOf(table), planned);
  try {
    const makeParent = (parent: TableShape, wanted: RowValues): Promise<StoredRow> =>
      insertRow(making, parent, { given: wanted });
    const parents = await findParents(making, table, { given, isFull, bound, renewed, makeParent });
    const own = { ...Object.fromEntries(planned), ...given };
    const expressions = ({ name }: ColumnShape): string[] =>
      checks.filter(({ columns }) => columns.includes(name)).map(({ sql }) => sql);
    return choicesOf(making, table, { given: own, parents, isFull, expressions });
  } finally {
    making.underWay.delete(keyOf(table));
  }
}

async function chooseValues(
  making: Making,
  table: TableShape,
  choices: readonly Choice[],
  clashed: ReadonlySet<string>,
): Promise<RowValues> {
  const conditions = [...checksOf(table), ...keysToSearch(table, choices, clashed)];
  const found =
    conditions.length === 0 ? new Map<string, Value>() : await search(making.session, table, choices, conditions);
  if (found === undefined) throw unsatisfied(table, conditions);
  return Object.fromEntries(
    choices.flatMap(({ column, values: [first] }): [string, string | null][] => {
      const value = found.has(column.name) ? found.get(column.name) : first;
      if (value === undefined || value === DEFAULT || (value === null && column.default === undefined)) return [];
      return [[column.name, value]];
    }),
  );
}

function unsatisfied(table: TableShape, conditions: readonly Condition[]): RowError {
  const unique = conditions.find(({ kind }) => kind !== 'check');
  const names = conditions.map(({ name }) => name).join(', ');
  return new RowError(table, `no values were found for ${names}. Give a sample row for this table.`, {
    constraint: unique?.name ?? conditions[0]?.name,
    sqlState: unique === undefined ? '23514' : '23505',
  });
}
