/** Returns the conditions under which PostgreSQL accepts a row, as SQL over the table's columns. */
import { quoted } from '../catalog/quoted.ts';
import type { Choice } from './choice.ts';
import { removeDuplicates } from './literals.ts';
import { tableSql } from './insert-values.ts';
import type { ExclusionShape, TableShape, UniqueKeyShape } from './table-shape.ts';

export interface Condition {
  readonly name: string;
  readonly kind: 'check' | 'unique' | 'exclusion';
  /** The columns that the condition names, and the columns from which these are generated. */
  readonly columns: readonly string[];
  readonly sql: string;
  /** The expressions of the condition. Their literals are good candidates. */
  readonly expressions: readonly string[];
}

/** The CHECK constraints of the table and of its columns' domains, as conditions. */
export const checksOf = (table: TableShape): Condition[] =>
  [...table.domainChecks, ...table.checks].map(({ name, columns, expression }) =>
    addSources(table, {
      name,
      kind: 'check',
      columns: removeDuplicates([...columns, ...columnsIn(expression, table)]),
      // A CHECK accepts null.
      sql: `(${expression}) is not false`,
      expressions: [expression],
    }),
  );

/** All unique keys and exclusion constraints. */
export function keysOf(table: TableShape): Condition[] {
  const keys = table.uniqueKeys.map((key) => {
    const operators = key.keys.map(() => (key.isNullsNotDistinct ? 'is not distinct from' : '='));
    return addSources(table, {
      name: key.name,
      kind: 'unique',
      columns: key.dependsOn,
      sql: noConflictSql(table, key, operators),
      expressions: key.keys,
    });
  });
  const exclusions = table.exclusions.map((exclusion) =>
    addSources(table, {
      name: exclusion.name,
      kind: 'exclusion',
      columns: exclusion.columns,
      sql: noConflictSql(table, exclusion, exclusion.operators),
      expressions: exclusion.keys,
    }),
  );
  return [...keys, ...exclusions];
}

/** The keys that may refuse the preferred values. A key with a fresh value, or with a null, refuses no row, unless it refused one before. */
export function keysToSearch(
  table: TableShape,
  choices: readonly Choice[],
  refusingConstraints: ReadonlySet<string>,
): Condition[] {
  const byName = new Map(choices.map((choice) => [choice.column.name, choice]));
  const refusesNoRow = ({ dependsOn, isNullsNotDistinct }: UniqueKeyShape): boolean =>
    dependsOn.some((column) => {
      const choice = byName.get(column);
      return choice?.varies === true || (choice?.values[0] === null && !isNullsNotDistinct);
    });
  const harmless = new Set(table.uniqueKeys.filter(refusesNoRow).map(({ name }) => name));
  return keysOf(table).filter(({ name }) => refusingConstraints.has(name) || !harmless.has(name));
}

/** The columns of the table that the expression names, outside of string literals. */
export function columnsIn(expression: string, { columns }: TableShape): string[] {
  const names = expression.replaceAll(/'(?:[^']|'')*'/g, ' ').match(/"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [];
  const inExpression = new Set(names);
  return columns.map(({ name }) => name).filter((name) => inExpression.has(name) || inExpression.has(quoted(name)));
}

/** If the condition names a generated column, adds the columns from which PostgreSQL computes it, and its expression. */
function addSources(table: TableShape, condition: Condition): Condition {
  const generations = table.columns.flatMap(({ name, generation }) =>
    generation !== undefined && condition.columns.includes(name) ? [generation] : [],
  );
  const sources = generations.flatMap((generation) => columnsIn(generation, table));
  return {
    ...condition,
    columns: removeDuplicates([...condition.columns, ...sources]),
    expressions: [...condition.expressions, ...generations],
  };
}

/**
 * Returns the SQL condition that no stored row conflicts with the new row. The first subquery reads the keys of the stored rows. The second
 * has no FROM: its column names refer to the new row, in the query around this condition.
 */
function noConflictSql(
  table: TableShape,
  { keys, predicate }: Pick<ExclusionShape, 'keys' | 'predicate'>,
  operators: readonly string[],
): string {
  const selected = keys.map((key, index) => `(${key}) as k${index}`).join(', ');
  const where = predicate === undefined ? '' : ` where ${predicate}`;
  const equal = operators.map((operator, index) => `stored.k${index} ${operator} created.k${index}`).join(' and ');
  return `not exists (
    select from (select ${selected} from ${tableSql(table)}${where}) stored, (select ${selected}${where}) created where ${equal})`;
}
