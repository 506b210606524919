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

export const checksOf = (table: TableShape): Condition[] =>
  [...table.domainChecks, ...table.checks].map(({ name, columns, expression }) => {
    const named = removeDuplicates([...columns, ...columnsIn(expression, table)]);
    return addSources(table, {
      name,
      kind: 'check',
      columns: named,
      sql: `(${expression}) is not false`,
      expressions: [expression],
    });
  });

/** All unique keys and exclusion constraints. */
export function keysOf(table: TableShape): Condition[] {
  const keys = table.uniqueKeys.map((key) => {
    const operator = key.isNullsNotDistinct ? 'is not distinct from' : '=';
    return addSources(table, {
      name: key.name,
      kind: 'unique',
      columns: key.dependsOn,
      sql: noConflictSql(
        table,
        key,
        key.keys.map(() => operator),
      ),
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

/** The keys whose columns all have few values, or values of parents. A key with a fresh value is always free. */
export function keysToSearch(table: TableShape, choices: readonly Choice[], clashed: ReadonlySet<string>): Condition[] {
  const byName = new Map(choices.map((choice) => [choice.column.name, choice]));
  const isFree = ({ dependsOn, isNullsNotDistinct }: UniqueKeyShape): boolean =>
    dependsOn.some((column) => {
      const choice = byName.get(column);
      return choice?.isFresh === true || (choice?.values[0] === null && !isNullsNotDistinct);
    });
  const free = new Set(table.uniqueKeys.filter(isFree).map(({ name }) => name));
  return keysOf(table).filter(({ name }) => clashed.has(name) || !free.has(name));
}

/** The columns that the expression names. */
export function columnsIn(expression: string, { columns }: TableShape): string[] {
  const names = expression.replaceAll(/'(?:[^']|'')*'/g, ' ').match(/"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [];
  const found = new Set(names);
  return columns.map(({ name }) => name).filter((name) => found.has(name) || found.has(quoted(name)));
}

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
 * An SQL condition: no stored row conflicts. The expressions refer to a stored row in the first subquery, and to the new row in the second.
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
