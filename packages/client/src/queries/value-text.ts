/** Writes a value in PostgreSQL's text format. The text is the same in every statement and over every transport. */
import { is, isSQLWrapper } from 'drizzle-orm';
import { PgArray, type PgColumn } from 'drizzle-orm/pg-core';

import { arrayText } from './array-text.ts';
import { notStorableError } from './column-error.ts';

/** Serializes a value of one column; null stays null. */
export type TextWriter = (value: unknown) => string | null;

/**
 * Creates the function that serializes the values of `column`.
 *
 * The writer throws a `ColumnError` for a value of another TypeScript type, for an SQL expression, and for an unpaired surrogate, which
 * UTF-8 cannot encode.
 */
export function textWriter(column: PgColumn): TextWriter {
  if (is(column, PgArray)) return arrayWriter(column, column.baseColumn);
  const requireType = typeCheck(column);
  return (value) => {
    if (value === null) return null;
    requireType(value);
    const text = driverText(column, driverValue(column, value));
    if (!text.isWellFormed()) throw notStorableError(column, 'contains a lone surrogate');
    return text;
  };
}

/** Creates the writer for an array. Drizzle's own function writes the bytes of a `Uint8Array` element as UTF-8. */
function arrayWriter(column: PgColumn, base: PgColumn): TextWriter {
  const [write, isNested] = [textWriter(base), is(base, PgArray)];
  return (value) => {
    if (value === null) return null;
    if (!Array.isArray(value)) throw notStorableError(column, 'is not an array');
    // `Array.from` turns holes into `undefined`, which is refused; `map` would skip them.
    return arrayText(Array.from(value, write), isNested);
  };
}

/** Returns a function that refuses a value of another type than the column. */
function typeCheck(column: PgColumn): (value: unknown) => void {
  const type = JAVASCRIPT_TYPES[column.dataType];
  return (value) => {
    if (isSQLWrapper(value))
      throw notStorableError(column, 'is an SQL expression, which a prepared statement cannot take');
    if (type !== undefined && typeof value !== type) throw notStorableError(column, `is not a ${type}`);
    if (column.dataType === 'array' && !Array.isArray(value)) throw notStorableError(column, 'is not an array');
    if (column.dataType === 'date' && !isValidDate(value)) throw notStorableError(column, 'is not a valid Date');
  };
}

function isValidDate(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime());
}

/** JavaScript types by Drizzle's `dataType`. The other types are objects, or any value that a custom type accepts. */
const JAVASCRIPT_TYPES: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  boolean: 'boolean',
  bigint: 'bigint',
};

/** The value that Drizzle passes to the driver for a value of the column. */
function driverValue(column: PgColumn, value: unknown): unknown {
  try {
    return column.mapToDriverValue(value);
  } catch {
    // The original message may repeat the value.
    throw notStorableError(column, `cannot be converted to ${column.getSQLType()} by Drizzle`);
  }
}

/** Serializes like the driver, with one exception: a `Date` of a custom type is in UTC, whatever the time zone of the process. */
function driverText(column: PgColumn, value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'object':
      if (value === null) break;
      if (ArrayBuffer.isView(value)) return hexText(value);
      if (value instanceof Date) return value.toISOString();
      if (Array.isArray(value)) return arrayText(value.map((element) => elementText(column, element)));
      return JSON.stringify(value);
    default:
  }
  throw notStorableError(column, `cannot be written as a text of ${column.getSQLType()}`);
}

function elementText(column: PgColumn, element: unknown): string | null {
  return element === null ? null : driverText(column, element);
}

/** Bytes in the hex format: https://www.postgresql.org/docs/current/datatype-binary.html */
function hexText({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  return `\\x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
