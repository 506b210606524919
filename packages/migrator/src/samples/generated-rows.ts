/** Rows of a table in any number, the same for the same number. */
import { is, type SQL } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';

/** By columns that the engine fills: each leads to a row of the table that stands there. */
export type Owners<T extends PgTable> = { readonly [K in keyof T['$inferInsert']]?: PgTable };

export interface GeneratedTable<T extends PgTable, O extends Owners<T>> {
  /**
   * The columns that refer to generated rows of other tables. The rows are spread over those of the first one evenly, in
   * blocks: the children of one row follow each other; over those of a second one they go round. What refers to a generated
   * row of the first one counts as generated, and is replaced with it. Default: none.
   */
  readonly owners?: O;
  /** Holds for the generated rows of this table and for no others. Not needed where there are `owners`. */
  readonly known?: SQL;
  /** Gets the number of rows, and gives a function that makes the row of a place in `0 … count - 1`. Each row has the same columns. */
  readonly generate: (count: number) => (i: number) => Omit<T['$inferInsert'], keyof O>;
}

/** A `GeneratedTable` whose table is not known to the compiler. */
export interface GeneratedRows {
  readonly table: PgTable;
  readonly owners: Readonly<Record<string, PgTable>>;
  readonly known: SQL | undefined;
  readonly generate: (count: number) => (i: number) => Readonly<Record<string, unknown>>;
}

/**
 * Declares generated rows.
 *
 * ```ts
 * generatedRows(user, { known: like(user.email, '%@generated.example'), generate: () => (i) => ({ email: `${i}@generated.example` }) })
 * generatedRows(todo, { owners: { userId: user }, generate: () => (i) => ({ title: `Thing ${i}` }) })
 * ```
 */
export function generatedRows<T extends PgTable, const O extends Owners<T> = { readonly [K in never]: PgTable }>(
  table: T,
  { owners, known, generate }: GeneratedTable<T, O>,
): GeneratedRows {
  const named = Object.entries<unknown>(owners ?? {}).flatMap(([key, owner]) =>
    is(owner, PgTable) ? [[key, owner] as const] : [],
  );
  return { table, owners: Object.fromEntries(named), known, generate };
}
