/** Rows that have the key of another row. Each unique key must refuse them. */
import { RowError, type RowValues, type StoredRow } from '@todo/migrator/rows';

import { type CodeKey, qualifiedName } from '../../code-tables.ts';
import { runVerifierSql } from '../../own-sql.ts';
import { catchRowError, type Trial, tryRow } from './each-table.ts';
import { rowCondition } from './row-condition.ts';

export interface Duplicate {
  readonly key: CodeKey;
  /** These values violate the key, or a key with fewer columns. */
  readonly values: RowValues;
  /** Names of the keys that may refuse these values. */
  readonly names: readonly string[];
}

/** A duplicate for each unique key defined in the code. Skips a partial key whose predicate the row does not meet. */
export async function duplicatesOf({ table, maker, session }: Trial): Promise<Duplicate[]> {
  const fullRow = await catchRowError(maker.insert(table.shape, { fillsOptionalColumns: true }));
  const first = fullRow instanceof RowError ? await catchRowError(maker.insert(table.shape)) : fullRow;
  if (first instanceof RowError) return [];
  const otherRow = await tryRow(session, maker, table.shape);
  const freshValues = otherRow instanceof RowError ? {} : otherRow;
  const duplicates: Duplicate[] = [];
  for (const key of table.uniqueKeys) {
    const columns = columnsOf(table, key);
    // NULLs do not violate the key, unless it is NULLS NOT DISTINCT.
    if (columns.some((name) => (first[name] ?? null) === null && !isNullsNotDistinct(table, key))) continue;
    if (!(await matchesPredicate(session, table, key, first))) continue;
    const values = duplicateValues(table, columns, first, freshValues);
    duplicates.push({ key, values, names: namesOfCoveredKeys(table, columns) });
  }
  return duplicates;
}

type Table = Trial['table'];

/** The columns of the key, including those of expressions and predicate if the database has the key. */
function columnsOf({ shape }: Table, { name, columns = [] }: CodeKey): readonly string[] {
  return shape.uniqueKeys.find((live) => live.name === name)?.dependsOn ?? columns;
}

function isNullsNotDistinct({ shape }: Table, { name }: CodeKey): boolean {
  return shape.uniqueKeys.some((live) => live.name === name && live.isNullsNotDistinct);
}

/** Whether the row meets the predicate of a partial key. */
async function matchesPredicate(session: Trial['session'], table: Table, { name, isPartial }: CodeKey, row: StoredRow) {
  if (!isPartial) return true;
  const predicate = table.shape.uniqueKeys.find((live) => live.name === name)?.predicate;
  if (predicate === undefined) return false;
  const where = rowCondition(table.shape, row);
  const { rows } = await runVerifierSql(
    session.query(`select (${predicate}) is true as "isMet" from ${qualifiedName(table)} where ${where} limit 1`),
  );
  return rows[0]?.['isMet'] === true;
}

/** The values of the first row, with new values in the columns of other unique keys. */
function duplicateValues(table: Table, columns: readonly string[], first: StoredRow, fresh: RowValues): RowValues {
  const keyColumns = new Set(table.uniqueKeys.flatMap((key) => columnsOf(table, key)));
  const insertable = table.shape.columns.filter(({ isGenerated }) => !isGenerated).map(({ name }) => name);
  return Object.fromEntries(
    insertable.flatMap((name): [string, string | null][] => {
      const isOfOtherKey = keyColumns.has(name) && !columns.includes(name);
      const value = isOfOtherKey ? fresh[name] : first[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The names of the unique keys that consist of some of these columns. */
function namesOfCoveredKeys(table: Table, columns: readonly string[]): string[] {
  return table.uniqueKeys
    .filter((key) => columnsOf(table, key).every((name) => columns.includes(name)))
    .map(({ name }) => name);
}
