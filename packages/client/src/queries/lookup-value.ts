/** Checks values for finding rows. A value that the column cannot hold finds no row, so no statement is sent. */
import { getTableName } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';

/**
 * Whether `column` can hold `value`. An `integer` cannot hold `NaN`, `1.5` or `2147483648`; a `varchar(255)` cannot hold 256 characters.
 * @throws {TypeError} when rows cannot be looked up by a column of this type.
 */
export function canHold(column: PgColumn, value: unknown): boolean {
  return lookupOf(column).holds(column, value);
}

/** The value whose `String(value)` is `text`; undefined when this column has no such value. */
export function readLookup(column: PgColumn, text: string): unknown {
  const value = lookupOf(column).read(text);
  return canHold(column, value) && String(value) === text ? value : undefined;
}

/** @throws {TypeError} when rows cannot be looked up by a column of this type. */
export function requireLookup(column: PgColumn): void {
  lookupOf(column);
}

interface Lookup {
  readonly holds: (column: PgColumn, value: unknown) => boolean;
  /** Reads the text of a value. For another text, the result is undefined or has another text. */
  readonly read: (text: string) => unknown;
}

function lookupOf(column: PgColumn): Lookup {
  const lookup = LOOKUPS[column.columnType];
  if (lookup !== undefined) return lookup;
  const message =
    `Column "${column.name}" of "${getTableName(column.table)}" is of type ${column.getSQLType()}. These query functions look up` +
    ` rows only by integers, texts, uuids, enums and booleans. Write this query with Drizzle.`;
  throw new TypeError(message);
}

/** The look-up by an integer that has `bits` bits beside its sign. */
const wholeNumber = (bits: number): Lookup => ({
  // Above 2 ** 53, one number can mean several integers.
  holds: (_, value) => Number.isSafeInteger(value) && Number(value) >= -(2 ** bits) && Number(value) < 2 ** bits,
  read: Number,
});

const BIGINT: Lookup = {
  holds: (_, value) => typeof value === 'bigint' && BigInt.asIntN(64, value) === value,
  read: (text) => (/^-?\d+$/.test(text) ? BigInt(text) : undefined),
};

const TEXT: Lookup = {
  holds: (column, value) =>
    typeof value === 'string' && fitsColumn(column, value) && !value.includes('\0') && value.isWellFormed(),
  read: (text) => text,
};

/** Whether a text fits the column, which counts characters. A character is one or two UTF-16 units, so a count is seldom necessary. */
function fitsColumn(column: PgColumn, text: string): boolean {
  const { length: charactersMax } = column as { readonly length?: number };
  if (charactersMax === undefined || text.length <= charactersMax) return true;
  return text.length <= 2 * charactersMax && Array.from(text).length <= charactersMax;
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

/** Lookups by Drizzle's `columnType`. */
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
