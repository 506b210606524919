/** Schemas for values from a URL, where everything is text: the id in a path, the options of a list in a query string. */
import { type Column, getTableColumns } from 'drizzle-orm';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';

import { LIMIT_MAX, ORDERS } from '../queries/page-options.ts';
import type { ColumnData, ColumnKey, IdOf } from '../queries/row-types.ts';
import { columnSchema } from './column-schema.ts';
import { typeMessage } from './type-message.ts';
import { wholeNumber } from './whole-number.ts';
import * as z from './zod.ts';

/**
 * The schema for the primary key of a table: `'17'` is read as 17, and 17 as itself.
 * @throws {TypeError} for a table without a single-column primary key, or with one of an unsupported type.
 * @example
 * const id = idSchemaOf(note).parse(request.params.id);
 */
export function idSchemaOf<T extends PgTable>(table: T): z.ZodType<IdOf<T>> {
  const { name, columns, primaryKeys } = getTableConfig(table);
  const id = columns.find((column) => column.primary);
  if (id === undefined) {
    const keys = primaryKeys.length === 0 ? 'no primary key' : 'a primary key of several columns';
    throw new TypeError(
      `No schema can be derived for an id of the table "${name}": it has ${keys}. Write the schema of the id by hand.`,
    );
  }
  // Only the caller's types know that this is the type of the column.
  return urlValue(id) as z.ZodType<IdOf<T>>;
}

/**
 * The schema for the options of a list, from a query string: `{ limit: '50', isCompleted: 'false' }` becomes a number and a boolean.
 * Options that `list` would refuse are refused here, with a message for each field. Only `list` checks the cursor.
 * @throws {TypeError} for a column of an unsupported type.
 * @example
 * const options = listOptionsSchemaOf(note, ['isPinned']).parse(Object.fromEntries(url.searchParams));
 */
export function listOptionsSchemaOf<T extends PgTable, Filter extends ColumnKey<T> = never>(
  table: T,
  filters: readonly Filter[] = [],
): z.ZodObject<
  {
    limit: z.ZodOptional<z.ZodType<number>>;
    cursor: z.ZodOptional<z.ZodString>;
    order: z.ZodOptional<z.ZodEnum<{ [Name in (typeof ORDERS)[number]]: Name }>>;
  } & { [Key in Filter]: z.ZodOptional<z.ZodType<ColumnData<T, Key>>> },
  z.core.$strict
> {
  const columns: Readonly<Record<string, Column>> = getTableColumns<PgTable>(table);
  const schema = z.strictObject({
    limit: z.preprocess(readNumber, wholeNumber({ min: 1, max: LIMIT_MAX })).optional(),
    cursor: z.string(typeMessage('Not a cursor')).optional(),
    order: z.enum(ORDERS, typeMessage(`Not one of: ${ORDERS.join(', ')}`)).optional(),
    // The type guarantees that each filter is a key of the table.
    ...Object.fromEntries(filters.map((key) => [key, urlValue(columns[key]!).optional()])),
  });
  // Only the caller's types know the types of the filters.
  return schema as never;
}

function urlValue(column: Column): z.ZodType {
  const schema = columnSchema(column);
  if (schema === undefined) {
    throw new TypeError(
      `No schema can be derived for the column "${column.name}": its type, ${column.getSQLType()}, is not handled. Write its schema by hand.`,
    );
  }
  const read = READERS[column.dataType];
  return read === undefined ? schema : z.preprocess(read, schema);
}

/** Replaces an object by NaN, which is neither a number nor a boolean for zod. Zod would wait for a promise. */
const replaceObject = (value: unknown): unknown => (typeof value === 'object' && value !== null ? Number.NaN : value);

function readNumber(value: unknown): unknown {
  return typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : replaceObject(value);
}

function readBoolean(value: unknown): unknown {
  if (value === 'true' || value === 'false') return value === 'true';
  return replaceObject(value);
}

/** Readers by Drizzle's `dataType`. The schemas of other types read text themselves: the digits of a `bigint`, the text of a `Date`. */
const READERS: Readonly<Record<string, ((value: unknown) => unknown) | undefined>> = {
  number: readNumber,
  boolean: readBoolean,
};
