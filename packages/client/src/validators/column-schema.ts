/** The schema of one column, by its type. It accepts the values that PostgreSQL stores through Drizzle and returns unchanged. */
import { type Column, type DrizzleEntityClass, is } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';

import { arraySchema, DIMENSIONS_MAX } from './array.ts';
import { dateSchema, dateText } from './date.ts';
import { decimalBigInt, decimalNumber, decimalText } from './decimal.ts';
import { doubleSchema, realSchema } from './floating-point.ts';
import { lineObject, lineTuple, pointObject, pointTuple, vectorSchema } from './geometry.ts';
import { intervalText } from './interval.ts';
import { jsonSchema } from './json.ts';
import { cidrText, inetText, macText, uuidText } from './network.ts';
import { bitText, booleanSchema } from './bits.ts';
import { accepts, labelSchema, paddedTextSchema, textSchema } from './text.ts';
import { timeSchema, timestampText, timeText } from './time.ts';
import { bigWholeNumber, inRange, INT2, INT4, INT8, SAFE, wholeNumber } from './whole-number.ts';
import type * as z from './zod.ts';

/**
 * Undefined for a type that is not handled: Drizzle's `customType` (bytea, citext, domains, ranges …), pgvector's `halfvec` and
 * `sparsevec`, arrays of PostGIS's points, and `numeric` with decimals in mode `bigint`.
 *
 * These values are refused although PostgreSQL returns them:
 * - NaN and infinity as numbers, and numbers beyond 2^53 in a `bigint` of mode `number`: JSON does not preserve them;
 * - null elements in an array, unless the elements are JSON: Drizzle's types do not allow them;
 * - JSON of more than 1,000 levels, because `JSON.stringify` fails at some depth; an infinite interval, which is new in PostgreSQL 17.
 *
 * These values are accepted, because PostgreSQL keeps them: 'NaN' and 'infinity' as texts, U+0000 in `json` (not in `jsonb`), an array of
 * another size than declared. A refinement can refuse them.
 */
export function columnSchema(column: Column): z.ZodType | undefined {
  for (const schemaOf of KINDS) {
    const schema = schemaOf(column);
    if (schema !== undefined) return schema;
  }
  return undefined;
}

type SchemaOf = (column: Column) => z.ZodType | undefined;

function kind<C extends DrizzleEntityClass<pg.PgColumn>>(
  type: C,
  schemaOf: (column: InstanceType<C>) => z.ZodType | undefined,
): SchemaOf {
  return (column) => (is(column, type) ? schemaOf(column) : undefined);
}

const KINDS: readonly SchemaOf[] = [
  kind(pg.PgVarchar, ({ length, enumValues }) => labelled(textSchema(length), enumValues)),
  kind(pg.PgText, ({ enumValues }) => labelled(textSchema(undefined), enumValues)),
  // `char` is `char(1)`.
  kind(pg.PgChar, ({ length = 1, enumValues }) => labelled(paddedTextSchema(length), enumValues)),
  kind(pg.PgEnumColumn, ({ enumValues }) => labelSchema(enumValues)),
  kind(pg.PgEnumObjectColumn, ({ enumValues }) => labelSchema(enumValues)),

  kind(pg.PgSmallInt, () => wholeNumber(INT2)),
  kind(pg.PgSmallSerial, () => wholeNumber(INT2)),
  kind(pg.PgInteger, () => wholeNumber(INT4)),
  kind(pg.PgSerial, () => wholeNumber(INT4)),
  kind(pg.PgBigInt53, () => wholeNumber(SAFE)),
  kind(pg.PgBigSerial53, () => wholeNumber(SAFE)),
  kind(pg.PgBigInt64, () => bigWholeNumber(inRange(INT8))),
  kind(pg.PgBigSerial64, () => bigWholeNumber(inRange(INT8))),
  kind(pg.PgNumeric, decimalText),
  kind(pg.PgNumericNumber, decimalNumber),
  // Drizzle reads the column with `BigInt('5.00')`, which throws.
  kind(pg.PgNumericBigInt, (column) =>
    (column.scale ?? 0) > 0 && column.precision !== undefined ? undefined : decimalBigInt(column),
  ),
  kind(pg.PgReal, realSchema),
  kind(pg.PgDoublePrecision, doubleSchema),

  kind(pg.PgBoolean, booleanSchema),
  kind(pg.PgBinaryVector, ({ dimensions }) => bitText(dimensions)),
  kind(pg.PgUUID, uuidText),
  kind(pg.PgInet, inetText),
  kind(pg.PgCidr, cidrText),
  kind(pg.PgMacaddr, () => macText(6)),
  kind(pg.PgMacaddr8, () => macText(8)),

  kind(pg.PgDate, dateSchema),
  kind(pg.PgDateString, dateText),
  kind(pg.PgTime, timeText),
  kind(pg.PgTimestamp, timeSchema),
  kind(pg.PgTimestampString, timestampText),
  kind(pg.PgInterval, intervalText),

  kind(pg.PgJson, () => jsonSchema('json')),
  kind(pg.PgJsonb, () => jsonSchema('jsonb')),
  kind(pg.PgPointTuple, pointTuple),
  kind(pg.PgPointObject, pointObject),
  kind(pg.PgLineTuple, lineTuple),
  kind(pg.PgLineABC, lineObject),
  kind(pg.PgGeometry, pointTuple),
  kind(pg.PgGeometryObject, pointObject),
  kind(pg.PgVector, ({ dimensions }) => vectorSchema(dimensions)),
  kind(pg.PgArray, arrayOf),
];

function labelled(text: z.ZodString, labels: readonly string[] | undefined): z.ZodType {
  return labels === undefined ? text : labelSchema(labels, accepts(text));
}

function arrayOf({ baseColumn }: { readonly baseColumn: Column }): z.ZodType | undefined {
  const dimensions = dimensionsOf(baseColumn) + 1;
  const element = elementSchema(baseColumn);
  return element === undefined || dimensions > DIMENSIONS_MAX ? undefined : arraySchema(element, dimensions);
}

function dimensionsOf(column: Column): number {
  return is(column, pg.PgArray) ? 1 + dimensionsOf(column.baseColumn) : 0;
}

function elementSchema(column: Column): z.ZodType | undefined {
  // PostGIS separates elements with colons, Drizzle with commas.
  if (is(column, pg.PgGeometry) || is(column, pg.PgGeometryObject)) return undefined;
  // Drizzle drops every backslash in an array that the driver does not parse.
  if (is(column, pg.PgEnumColumn) || is(column, pg.PgEnumObjectColumn)) {
    return labelSchema(column.enumValues, (label) => !label.includes('\\'));
  }
  // A JSON null is a valid element.
  if (is(column, pg.PgJson) || is(column, pg.PgJsonb)) return columnSchema(column)?.nullable();
  return columnSchema(column);
}
