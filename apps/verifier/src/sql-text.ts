/** Builds SQL text with literals, for statements without parameters. */
import { literal as plainLiteral, quoted } from '@todo/migrator/catalog';
import { type Column, is, type SQL } from 'drizzle-orm';
import { PgArray, PgDialect } from 'drizzle-orm/pg-core';

/** A string literal that does not depend on `standard_conforming_strings`. */
export function literal(text: string | null): string {
  if (text === null) return 'null';
  const plain = plainLiteral(text);
  return plain.includes('\\') ? `E${plain.replaceAll('\\', '\\\\')}` : plain;
}

/**
 * An INSERT with values in text form. A column that has no entry in `values` gets its default. By default the statement returns an empty
 * text, because `runProbes` reads one text from each statement.
 */
export function insertSql(
  table: string,
  values: Readonly<Record<string, string | null>>,
  returning = `returning ''`,
): string {
  const names = Object.keys(values);
  if (names.length === 0) return `insert into ${table} default values ${returning}`;
  const texts = Object.values(values).map(literal);
  return `insert into ${table} (${names.map(quoted).join(', ')}) overriding system value values (${texts.join(', ')}) ${returning}`;
}

/** SQL for the text output of a value: a cast to text would trim a `char(n)`. `IS NOT NULL` would be false for a composite with a null. */
export function outputTextSql(value: string): string {
  return `case when ${value} is distinct from null then format('%s', ${value}) end`;
}

/** A condition that compares columns with the values of a row, as text. */
export function conditionSql(columns: readonly string[], row: Readonly<Record<string, string | null>>): string {
  return columns
    .map((name) => {
      const value = row[name] ?? null;
      return value === null ? `${quoted(name)} is null` : `${quoted(name)}::text = ${literal(value)}`;
    })
    .join(' and ');
}

/** The SQL of a Drizzle expression, with inlined parameters. */
export function expressionSql(expression: SQL): string {
  return new PgDialect().sqlToQuery(expression.inlineParams()).sql;
}

/** The text form of a JavaScript value, through the mapping of the column; undefined if there is none. */
export function valueText(value: unknown, column: Column): string | null | undefined {
  if (value === null) return null;
  if (is(column, PgArray) && Array.isArray(value)) return arrayText(value, column.baseColumn);
  return driverText(column.mapToDriverValue(value));
}

/** The text form of a value that a column passes to the driver; undefined if there is none. */
function driverText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return undefined;
}

/** The text form of an array: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
function arrayText(values: readonly unknown[], element: Column): string | undefined {
  const texts = values.map((value) => valueText(value, element));
  if (texts.some((text) => text === undefined)) return undefined;
  const elements = texts.map((text) => {
    if (text === null || text === undefined) return 'NULL';
    // The text of an inner array is not quoted.
    return is(element, PgArray) ? text : `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  });
  return `{${elements.join(',')}}`;
}
