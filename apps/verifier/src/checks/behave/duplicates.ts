/** A row with the key of another one: what each unique key must refuse. */
import { RowError, type RowValues, type StoredRow } from '@todo/migrator/rows';

import { type CodeKey, qualified } from '../../code-tables.ts';
import { ownSql } from '../../own-sql.ts';
import { type Trial, tryValues, unlessRowError } from './each-table.ts';
import { conditionOf } from './locate.ts';

export interface Duplicate {
  readonly key: CodeKey;
  /** Refused by the key, or by a narrower one. */
  readonly values: RowValues;
  /** The keys that may refuse it. */
  readonly names: readonly string[];
}

/** One for each unique key of the code; none for a key in which the row that was made is not, as its predicate says. */
export async function duplicatesOf({ table, maker, session }: Trial): Promise<Duplicate[]> {
  const full = await unlessRowError(maker.insert(table.shape, { isFull: true }));
  const first = full instanceof RowError ? await unlessRowError(maker.insert(table.shape)) : full;
  if (first instanceof RowError) return [];
  const fresh = await tryValues(maker, table.shape);
  const others = fresh instanceof RowError ? {} : fresh;
  const duplicates: Duplicate[] = [];
  for (const key of table.uniqueKeys) {
    const columns = columnsOf(table, key);
    if (columns.some((name) => (first[name] ?? null) === null && !isNullDistinct(table, key))) continue;
    if (!(await isWithin(session, table, key, first))) continue;
    duplicates.push({ key, values: merge(table, columns, first, others), names: narrower(table, columns) });
  }
  return duplicates;
}

type Table = Trial['table'];

/** Those of an expression and of a predicate as well, where the database knows them. */
function columnsOf({ shape }: Table, { name, columns = [] }: CodeKey): readonly string[] {
  return shape.uniqueKeys.find((live) => live.name === name)?.dependsOn ?? columns;
}

function isNullDistinct({ shape }: Table, { name }: CodeKey): boolean {
  return shape.uniqueKeys.some((live) => live.name === name && live.isNullsNotDistinct);
}

async function isWithin(session: Trial['session'], table: Table, { name, isPartial }: CodeKey, row: StoredRow) {
  if (!isPartial) return true;
  const predicate = table.shape.uniqueKeys.find((live) => live.name === name)?.predicate;
  if (predicate === undefined) return false;
  const where = conditionOf(table.shape, row);
  const { rows } = await ownSql(
    session.query(`select (${predicate}) is true as "isWithin" from ${qualified(table)} where ${where} limit 1`),
  );
  return rows[0]?.['isWithin'] === true;
}

/** The first row's values, but for the columns of its other unique keys. */
function merge(
  { shape, uniqueKeys, ...table }: Table,
  columns: readonly string[],
  first: StoredRow,
  others: RowValues,
): RowValues {
  const rest = new Set(uniqueKeys.flatMap((key) => columnsOf({ shape, uniqueKeys, ...table }, key)));
  const insertable = shape.columns.filter(({ isGenerated }) => !isGenerated).map(({ name }) => name);
  return Object.fromEntries(
    insertable.flatMap((name): [string, string | null][] => {
      const isOther = rest.has(name) && !columns.includes(name);
      const value = isOther ? others[name] : first[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function narrower(table: Table, columns: readonly string[]): string[] {
  return table.uniqueKeys
    .filter((key) => columnsOf(table, key).every((name) => columns.includes(name)))
    .map(({ name }) => name);
}
