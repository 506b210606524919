/** The types of a table's rows, as Drizzle infers them. */
import type { InferInsertModel, InferSelectModel } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

export type ColumnKey<T extends PgTable> = keyof T['_']['columns'] & string;

export type Row<T extends PgTable> = InferSelectModel<T>;

/** A new row without the owner's column. Drizzle's types do not mark all columns that the server fills; the queries refuse them. */
export type NewRow<T extends PgTable, Owner extends string = never> = Omit<InferInsertModel<T>, Owner>;

export type Patch<T extends PgTable, Owner extends string = never> = {
  [Key in keyof NewRow<T, Owner>]?: NewRow<T, Owner>[Key] | undefined;
};

/** The type of a column's value when it is not null. */
export type ColumnData<T extends PgTable, Key extends ColumnKey<T>> = T['_']['columns'][Key]['_']['data'];

/** The type of the primary key column. */
export type IdOf<T extends PgTable> = {
  [Key in ColumnKey<T>]: T['_']['columns'][Key]['_']['isPrimaryKey'] extends true ? ColumnData<T, Key> : never;
}[ColumnKey<T>];
