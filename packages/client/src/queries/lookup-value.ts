/** Values by which rows are found. A value that a column cannot hold finds nothing, and PostgreSQL need not be asked. */
import { getTableName } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';

/**
 * Whether `column` can hold `value`: `NaN`, `1.5` and `2147483648` are no values of an `integer`, and 256 characters none of a
 * `varchar(255)`.
 * @throws {TypeError} for a column of a type that rows cannot be found by here.
 */
export function canHold(column: PgColumn, value: unknown): boolean {
  return lookupOf(column).holds(column, value);
}

/** The value that `String(value)` came from; undefined when it came from no value of this column. */
export function readLookup(column: PgColumn, text: string): unknown {
  const value = lookupOf(column).read(text);
  return canHold(column, value) && String(value) === text ? value : undefined;
}

/** @throws {TypeError} for a column of a type that rows cannot be found by here. */
export function requireLookup(column: PgColumn): void {
  lookupOf(column);
}

interface Lookup {
  readonly holds: (column: PgColumn, value: unknown) => boolean;
  readonly read: (text: string) => unknown;
}

function lookupOf(column: PgColumn): Lookup {
  const lookup = LOOKUPS[column.columnType];
  if (lookup !== undefined) return lookup;
  throw new TypeError(
    `Column "${column.name}" of "${getTableName(column.table)}" is of type ${column.getSQLType()}, and rows are found only by` +
      ` integers, texts, uuids, enums and booleans here. Write this query with Drizzle.`,
  );
}

const wholeNumber = (bits: number): Lookup => ({
  // A larger number than 2 ** 53 may stand for several integers.
  holds: (_, value) => Number.isSafeInteger(value) && Number(value) >= -(2 ** bits) && Number(value) < 2 ** bits,
  read: Number,
});

const BIGINT: Lookup = {
  holds: (_, value) => typeof value === 'bigint' && BigInt.asIntN(64, value) === value,
  read: (text) => (/^-?\d+$/.test(text) ? BigInt(text) : undefined),
};

const TEXT: Lookup = {
  holds: (column, value) =>
    typeof value === 'string' && fits(column, value) && !value.includes('\0') && value.isWellFormed(),
  read: (text) => text,
};

/** Whether a text is no longer than the column, which counts characters. A character is at most two of JavaScript's units. */
function fits(column: PgColumn, text: string): boolean {
  const { length } = column as { readonly length?: number };
  return (
    length === undefined || text.length <= length || (text.length <= 2 * length && Array.from(text).length <= length)
  );
}

const UUID: Lookup = {
  holds: (_, value) => typeof value === 'string' && /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value),
  read: (text) => text,
};

const ENUM: Lookup = {
  holds: ({ enumValues = [] }, value) => typeof value === 'string' && enumValues.includes(value),
  read: (text) => text,
};

const BOOLEAN: Lookup = {
  holds: (_, value) => typeof value === 'boolean',
  read: (text) => text === 'true',
};

/** By Drizzle's `columnType`. */
const LOOKUPS: Readonly<Record<string, Lookup>> = {
  PgSmallInt: wholeNumber(15),
  PgSmallSerial: wholeNumber(15),
  PgInteger: wholeNumber(31),
  PgSerial: wholeNumber(31),
  PgBigInt53: wholeNumber(53),
  PgBigSerial53: wholeNumber(53),
  PgBigInt64: BIGINT,
  PgBigSerial64: BIGINT,
  PgText: TEXT,
  PgVarchar: TEXT,
  PgUUID: UUID,
  PgEnumColumn: ENUM,
  PgEnumObjectColumn: ENUM,
  PgBoolean: BOOLEAN,
};
