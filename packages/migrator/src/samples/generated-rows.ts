/** Declares any number of generated rows of a table. The same number gives the same rows. */
import { is, type SQL } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';

/** By column, the table whose rows the column refers to. `db:seed` fills these columns. */
export type Owners<T extends PgTable> = { readonly [K in keyof T['$inferInsert']]?: PgTable };

export interface GeneratedTable<T extends PgTable, O extends Owners<T>> {
  /**
   * The columns that refer to generated rows of other tables. The rows are distributed evenly over the rows of the first owner, in blocks:
   * all children of one row follow each other. The rows of a second owner are assigned in turn. A row that refers to a generated row of the
   * first owner counts as generated, and is replaced with it. Default: none.
   */
  readonly owners?: O;
  /** An SQL condition that is true only for the generated rows of this table. Not needed if there are `owners`. */
  readonly isGenerated?: SQL;
  /** Returns the function that returns row `i` of `0 … count - 1`. All rows must have the same columns. */
  readonly generate: (count: number) => (i: number) => Omit<T['$inferInsert'], keyof O>;
}

/** A `GeneratedTable` whose table is not known to the compiler. */
export interface GeneratedRows {
  readonly table: PgTable;
  readonly owners: Readonly<Record<string, PgTable>>;
  readonly isGenerated: SQL | undefined;
  readonly generate: (count: number) => (i: number) => Readonly<Record<string, unknown>>;
}

/**
 * Declares generated rows.
 *
 * ```ts
 * const isGenerated = like(user.email, '%@generated.example');
 * generatedRows(user, { isGenerated, generate: () => (i) => ({ email: `${i}@generated.example` }) })
 * generatedRows(todo, { owners: { userId: user }, generate: () => (i) => ({ title: `Thing ${i}` }) })
 * ```
 */
export function generatedRows<T extends PgTable, const O extends Owners<T> = { readonly [K in never]: PgTable }>(
  table: T,
  { owners, isGenerated, generate }: GeneratedTable<T, O>,
): GeneratedRows {
  const ownerEntries = Object.entries<unknown>(owners ?? {}).flatMap(([key, owner]) =>
    is(owner, PgTable) ? [[key, owner] as const] : [],
  );
  return { table, owners: Object.fromEntries(ownerEntries), isGenerated, generate };
}
