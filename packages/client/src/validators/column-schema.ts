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
import { labelCheck, labelSchema, paddedTextSchema, textSchema } from './text.ts';
import { timeSchema, timestampText, timeText } from './time.ts';
import { bigWholeNumber, limitRange, INT2, INT4, INT8, SAFE, wholeNumber } from './whole-number.ts';
import type * as z from './zod.ts';

/**
 * The schema of a column. Undefined for a type that is not handled: Drizzle's `customType` (bytea, citext, domains, ranges …), pgvector's
 * `halfvec` and `sparsevec`, arrays of PostGIS's points, and `numeric` with decimals in mode `bigint`.
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

function schemaFor<C extends DrizzleEntityClass<pg.PgColumn>>(
  type: C,
  schemaOf: (column: InstanceType<C>) => z.ZodType | undefined,
): SchemaOf {
  return (column) => (is(column, type) ? schemaOf(column) : undefined);
}

const KINDS: readonly SchemaOf[] = [
  schemaFor(pg.PgVarchar, ({ length, enumValues }) => textOrLabelSchema(textSchema(length), enumValues)),
  schemaFor(pg.PgText, ({ enumValues }) => textOrLabelSchema(textSchema(undefined), enumValues)),
  // `char` is `char(1)`.
  schemaFor(pg.PgChar, ({ length = 1, enumValues }) => textOrLabelSchema(paddedTextSchema(length), enumValues)),
  schemaFor(pg.PgEnumColumn, ({ enumValues }) => labelSchema(enumValues)),
  schemaFor(pg.PgEnumObjectColumn, ({ enumValues }) => labelSchema(enumValues)),

  schemaFor(pg.PgSmallInt, () => wholeNumber(INT2)),
  schemaFor(pg.PgSmallSerial, () => wholeNumber(INT2)),
  schemaFor(pg.PgInteger, () => wholeNumber(INT4)),
  schemaFor(pg.PgSerial, () => wholeNumber(INT4)),
  schemaFor(pg.PgBigInt53, () => wholeNumber(SAFE)),
  schemaFor(pg.PgBigSerial53, () => wholeNumber(SAFE)),
  schemaFor(pg.PgBigInt64, () => bigWholeNumber(limitRange(INT8))),
  schemaFor(pg.PgBigSerial64, () => bigWholeNumber(limitRange(INT8))),
  schemaFor(pg.PgNumeric, decimalText),
  schemaFor(pg.PgNumericNumber, decimalNumber),
  // Drizzle reads the column with `BigInt('5.00')`, which throws.
  schemaFor(pg.PgNumericBigInt, (column) =>
    (column.scale ?? 0) > 0 && column.precision !== undefined ? undefined : decimalBigInt(column),
  ),
  schemaFor(pg.PgReal, realSchema),
  schemaFor(pg.PgDoublePrecision, doubleSchema),

  schemaFor(pg.PgBoolean, booleanSchema),
  schemaFor(pg.PgBinaryVector, ({ dimensions }) => bitText(dimensions)),
  schemaFor(pg.PgUUID, uuidText),
  schemaFor(pg.PgInet, inetText),
  schemaFor(pg.PgCidr, cidrText),
  schemaFor(pg.PgMacaddr, () => macText(6)),
  schemaFor(pg.PgMacaddr8, () => macText(8)),

  schemaFor(pg.PgDate, dateSchema),
  schemaFor(pg.PgDateString, dateText),
  schemaFor(pg.PgTime, timeText),
  schemaFor(pg.PgTimestamp, timeSchema),
  schemaFor(pg.PgTimestampString, timestampText),
  schemaFor(pg.PgInterval, intervalText),

  schemaFor(pg.PgJson, () => jsonSchema('json')),
  schemaFor(pg.PgJsonb, () => jsonSchema('jsonb')),
  schemaFor(pg.PgPointTuple, pointTuple),
  schemaFor(pg.PgPointObject, pointObject),
  schemaFor(pg.PgLineTuple, lineTuple),
  schemaFor(pg.PgLineABC, lineObject),
  schemaFor(pg.PgGeometry, pointTuple),
  schemaFor(pg.PgGeometryObject, pointObject),
  schemaFor(pg.PgVector, ({ dimensions }) => vectorSchema(dimensions)),
  schemaFor(pg.PgArray, arrayColumnSchema),
];

function textOrLabelSchema(textColumn: z.ZodString, labels: readonly string[] | undefined): z.ZodType {
  return labels === undefined ? textColumn : labelSchema(labels, labelCheck(textColumn));
}

function arrayColumnSchema({ baseColumn }: { readonly baseColumn: Column }): z.ZodType | undefined {
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
