/** What must hold of a row before PostgreSQL takes it, as SQL over its columns. */
import { quoted } from '../catalog/quoted.ts';
import type { Choice } from './choice.ts';
import { unique } from './literals.ts';
import { tableSql } from './plain-insert.ts';
import type { ExclusionShape, TableShape, UniqueKeyShape } from './table-shape.ts';

export interface Condition {
  readonly name: string;
  readonly kind: 'check' | 'unique' | 'exclusion';
  readonly columns: readonly string[];
  readonly sql: string;
}

export const checksOf = (table: TableShape): Condition[] =>
  [...table.domainChecks, ...table.checks].map(({ name, columns, expression }) => ({
    name,
    kind: 'check',
    columns: unique([...columns, ...columnsIn(expression, table)]),
    sql: `(${expression}) is not false`,
  }));

/** The columns whose names the expression has. */
export function columnsIn(expression: string, { columns }: TableShape): string[] {
  const names = expression.replaceAll(/'(?:[^']|'')*'/g, ' ').match(/"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [];
  const found = new Set(names);
  return columns.map(({ name }) => name).filter((name) => found.has(name) || found.has(quoted(name)));
}

/** The keys whose columns all have few values, or values of others; a fresh value needs no search. */
export function keysToSearch(table: TableShape, choices: readonly Choice[], clashed: ReadonlySet<string>): Condition[] {
  const byName = new Map(choices.map((choice) => [choice.column.name, choice]));
  const isSearched = ({ name, dependsOn, isNullsNotDistinct }: UniqueKeyShape): boolean =>
    clashed.has(name) ||
    !dependsOn.some((column) => {
      const choice = byName.get(column);
      return choice?.isFresh === true || (choice?.values[0] === null && !isNullsNotDistinct);
    });
  const keys = table.uniqueKeys.filter(isSearched).map((key): Condition => {
    const operators = key.keys.map(() => (key.isNullsNotDistinct ? 'is not distinct from' : '='));
    return { name: key.name, kind: 'unique', columns: key.dependsOn, sql: noOther(table, key, operators) };
  });
  const exclusions = table.exclusions.map((exclusion): Condition => {
    const { name, columns, operators } = exclusion;
    return { name, kind: 'exclusion', columns, sql: noOther(table, exclusion, operators) };
  });
  return [...keys, ...exclusions];
}

/** The same expressions mean a stored row's columns in the first subquery, and the new row's in the second. */
function noOther(
  table: TableShape,
  { keys, predicate }: Pick<ExclusionShape, 'keys' | 'predicate'>,
  operators: readonly string[],
): string {
  const selected = keys.map((key, index) => `(${key}) as k${index}`).join(', ');
  const where = predicate === undefined ? '' : ` where ${predicate}`;
  const equal = operators.map((operator, index) => `stored.k${index} ${operator} made.k${index}`).join(' and ');
  return `not exists (
    select from (select ${selected} from ${tableSql(table)}${where}) stored, (select ${selected}${where}) made where ${equal})`;
}
