import { quoted } from '@todo/migrator/catalog';
import { type Column, is, SQL } from 'drizzle-orm';

import type { Check, Finding } from '../../check.ts';
import { qualifiedName, displayName, subjectOf } from '../../code-tables.ts';
import { expressionSql, insertSql, literal, valueText } from '../../sql-text.ts';
import { onEachTable, type Trial } from './each-table.ts';
import { type ProbeResult, describeResult, runEach } from './probes.ts';
import { isUnrelated } from './unrelated-refusal.ts';

export const insertDefaults: Check = {
  id: 'behave/insert-defaults',
  title: 'A column left out of an insert gets the default defined in the code',
  method: 'Inserts a row without each column that has a default, an identity or an expression, and rolls back.',
  why: 'New rows have other values than the code expects.',
  remedy: 'Correct the default of the column: `pnpm verify --only schema` prints the SQL.',
  mode: 'rolls-back',
  run: (context) => onEachTable(context, testDefaults),
};

interface Default {
  readonly name: string;
  /** The SQL of the default. Undefined if its value cannot be known, such as the next value of a sequence. */
  readonly expression: string | undefined;
}

async function testDefaults({ table, values, session }: Trial): Promise<Finding[]> {
  const defaults = Object.values(table.columns).flatMap((column) => defaultOf(table, column) ?? []);
  const attempts = defaults.map(({ name, expression }) => {
    const { [name]: _, ...others } = values;
    const probe = [insertSql(qualifiedName(table), others, `returning ${comparisonSql(name, expression)}`)];
    return { name, expression, probe };
  });
  return await runEach(session, attempts, (attempt, result) => toFindings(table, attempt, result));
}

/** The default of a column. Undefined if the database does not have the column, or if the client sets the default. */
function defaultOf({ shape, schema, name: table }: Trial['table'], column: Column): Default | undefined {
  const live = shape.columns.find(({ name }) => name === column.name);
  if (live === undefined) return undefined;
  const { name } = column;
  if (column.generated !== undefined) {
    const { as } = column.generated;
    const expression = typeof as === 'function' ? (as as () => unknown)() : as;
    const text = toSql(expression, column, live.type);
    return text === undefined ? undefined : { name, expression: removeTableName(text, schema, table) };
  }
  if (column.generatedIdentity !== undefined || SERIAL.test(column.getSQLType()))
    return { name, expression: undefined };
  if (column.default === undefined) return undefined;
  const expression = toSql(column.default, column, live.type);
  if (expression === undefined) return undefined;
  return { name, expression: /nextval/i.test(expression) ? undefined : `(${expression})::${live.type}` };
}

const AS_WANTED = 'as wanted';
const SERIAL = /^(small|big)?serial$/;

/** The SQL of a default: an expression, or a literal of the column's type. Undefined if Drizzle cannot write the value. */
function toSql(value: unknown, column: Column, type: string): string | undefined {
  if (is(value, SQL)) return expressionSql(value);
  const text = valueText(value, column);
  return text === undefined ? undefined : `${literal(text)}::${type}`;
}

/** Removes the table from column names, as RETURNING needs. */
function removeTableName(expression: string, schema: string, table: string): string {
  return expression.replaceAll(`${quoted(schema)}.${quoted(table)}.`, '').replaceAll(`${quoted(table)}.`, '');
}

/** SQL that compares the stored value with the default, as texts. A volatile default differs from itself: then any value but null is right. */
function comparisonSql(name: string, expression: string | undefined): string {
  const stored = `${quoted(name)}::text`;
  if (expression === undefined) return `case when ${stored} is null then 'null' else '${AS_WANTED}' end`;
  const wanted = `(${expression})::text`;
  return `case when ${stored} is not distinct from ${wanted} then '${AS_WANTED}'
    when ${wanted} is distinct from ${wanted} and ${stored} is not null then '${AS_WANTED}' else 'another value' end`;
}

function toFindings(table: Trial['table'], { name, expression }: Default, result: ProbeResult): Finding[] {
  if (isUnrelated(table, result) || (result.kind === 'accepted' && result.text === AS_WANTED)) return [];
  const outcome = result.kind === 'accepted' ? `gives ${result.text ?? 'null'}` : `is ${describeResult(result)}`;
  return [
    {
      have: `an insert without ${displayName(table)}.${name} ${outcome}`,
      want: expression ?? 'the next value',
      about: subjectOf(table, name),
      follows: ['schema/column-default', 'schema/trigger-rule'],
    },
  ];
}
