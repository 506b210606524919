/** The types of a table's rows, as Drizzle infers them. */
import type { InferInsertModel, InferSelectModel } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

export type ColumnKey<T extends PgTable> = keyof T['_']['columns'] & string;

export type Row<T extends PgTable> = InferSelectModel<T>;

/** Without the columns of the owner. Some others that are the server's are in it, which the types of Drizzle do not tell: they are refused. */
export type NewRow<T extends PgTable, Owner extends string = never> = Omit<InferInsertModel<T>, Owner>;

export type Patch<T extends PgTable, Owner extends string = never> = {
  [Key in keyof NewRow<T, Owner>]?: NewRow<T, Owner>[Key] | undefined;
};

/** What a column holds, when it is not null. */
export type ColumnData<T extends PgTable, Key extends ColumnKey<T>> = T['_']['columns'][Key]['_']['data'];

/** The type of the column that is the primary key. */
export type IdOf<T extends PgTable> = {
  [Key in ColumnKey<T>]: T['_']['columns'][Key]['_']['isPrimaryKey'] extends true ? ColumnData<T, Key> : never;
}[ColumnKey<T>];
