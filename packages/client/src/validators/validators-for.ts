/** Derives validators for each table of a schema module. A new table gets its validators without an edit. */
import { is, Table } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';

import type { Schema } from '../app-schema.ts';
import { schemaExports } from '../schema-exports.ts';
import { validatorsOf } from './validators-of.ts';
import type * as z from './zod.ts';

/** Zod schemas of one table: for a new row, for changes to a row, and for a stored row. */
export interface TableValidators {
  readonly insert: z.ZodType;
  readonly update: z.ZodType;
  readonly select: z.ZodType;
}

/** The names under which a schema module exports tables. */
export type TableKey<S extends Schema> = { [K in keyof S]: S[K] extends Table ? K : never }[keyof S];

/**
 * Derives the validators of every exported table. Validators in `replacements` replace derived ones.
 * @throws {TypeError} for a column of an unsupported type, in a table that has no validators in `replacements`; and for
 * `export * as name from` in the schema.
 */
export function validatorsFor<S extends Schema>(
  schema: S,
  replacements?: Readonly<Partial<Record<TableKey<S>, TableValidators>>>,
): Readonly<Record<TableKey<S>, TableValidators>> {
  const replacementOf: Readonly<Record<string, TableValidators | undefined>> = replacements ?? {};
  const validators = schemaExports(schema).flatMap(([key, table]) =>
    is(table, PgTable) ? [[key, replacementOf[key] ?? validatorsOf(table)] as const] : [],
  );
  // There is one entry for each table, under the table's name, as `TableKey` lists them.
  return Object.fromEntries(validators) as Record<TableKey<S>, TableValidators>;
}
