/** The types of a table's derived schemas. */
import type { Column, Table } from 'drizzle-orm';

import type { ColumnKey, InsertKey, ServerOwnedKey } from './server-owned.ts';
import type * as z from './zod.ts';

/** A schema for a column that adds limits to the derived schema, `derived`. The limits of the derived schema always hold. */
export type Refinements<T extends Table> = { readonly [K in ColumnKey<T>]?: Refinement<ColumnOf<T, K>> };

type Refinement<C extends Column> = (
  derived: C['_']['dataType'] extends 'custom' ? z.ZodUnknown : Derived<C>,
) => z.ZodType<Sent<C>>;

export interface Choice<Omitted, Kept> {
  /** Further columns that callers do not send, in addition to those that the server fills. Default: none. */
  readonly omit?: readonly Omitted[];
  /** Columns that callers may send although the server would fill them. Default: none. */
  readonly keep?: readonly Kept[];
}

/** The columns that callers may send. Only these are refined. */
export type Written<T extends Table, Omitted, Kept> = Exclude<InsertKey<T>, Omitted | Exclude<ServerOwnedKey<T>, Kept>>;

export interface TableSchemas<T extends Table, R, Key extends InsertKey<T>> {
  /** A new row. A column that is nullable or has a default may be left out. */
  readonly insert: z.ZodObject<{ [K in Key]: InInsert<ColumnOf<T, K>, Field<T, R, K>> }, z.core.$strict>;
  /** Changes to a row, with at least one column. */
  readonly update: z.ZodObject<{ [K in Key]: z.ZodOptional<Nullable<ColumnOf<T, K>, Field<T, R, K>>> }, z.core.$strict>;
  /** A stored row, from a query or from its JSON. Not refined. */
  readonly select: z.ZodObject<
    {
      [K in ColumnKey<T>]: Nullable<ColumnOf<T, K>, Derived<ColumnOf<T, K>>>;
    },
    z.core.$strict
  >;
}

type ColumnOf<T extends Table, K extends keyof T['_']['columns']> = T['_']['columns'][K];
type Data<C extends Column> = C['_']['data'];

/** The input type of a column: the value itself, and its form in JSON. */
type Sent<C extends Column> = C['_']['columnType'] extends 'PgTimestamp' | 'PgDate'
  ? Date | string
  : C['_']['dataType'] extends 'bigint'
    ? bigint | string
    : C['_'] extends { readonly columnType: 'PgArray'; readonly baseColumn: infer B extends Column }
      ? Sent<B>[]
      : Data<C>;

/** The derived schema, limited to the methods that a refinement needs: `max` of a text, `min` of a number. */
type Derived<C extends Column> = [C['_']['dataType'], string] extends ['string', Data<C>]
  ? z.ZodString
  : [C['_']['dataType'], number] extends ['number', Data<C>]
    ? z.ZodNumber
    : [C['_']['dataType'], boolean] extends ['boolean', Data<C>]
      ? z.ZodBoolean
      : z.ZodType<Data<C>, Sent<C>>;

/** The schema of a column that callers send, refined if `R` has a refinement for it. */
type Field<T extends Table, R, K extends InsertKey<T>> = K extends keyof R
  ? z.ZodType<Data<ColumnOf<T, K>>, Taken<R[K], Sent<ColumnOf<T, K>>>>
  : Derived<ColumnOf<T, K>>;

/** The input type of a refined column: the refinement parses first. */
type Taken<R, Otherwise> = R extends (derived: never) => z.ZodType<unknown, infer Input> ? Input : Otherwise;

type Nullable<C extends Column, S extends z.ZodType> = C['_']['notNull'] extends true ? S : z.ZodNullable<S>;

/** Optional in a new row if the column is nullable or has a default. */
type InInsert<C extends Column, S extends z.ZodType> = C['_'] extends {
  readonly notNull: true;
  readonly hasDefault: false;
}
  ? S
  : z.ZodOptional<Nullable<C, S>>;
