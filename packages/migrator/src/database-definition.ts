/** All that a tool has to know of an application's database: its tables, and what cannot be derived from them. */
import type { AppSchema, Schema } from '@todo/client';
import type { Table } from 'drizzle-orm';
import type { z } from 'zod';

import type { Samples } from './samples/index.ts';

/** Zod schemas of one table: for a new row, for changes to a row, and for a stored row. */
export interface TableValidators {
  readonly insert: z.ZodType;
  readonly update: z.ZodType;
  readonly select: z.ZodType;
}

/** The names under which a schema module exports tables. */
export type TableKey<S extends Schema> = { [K in keyof S]: S[K] extends Table ? K : never }[keyof S];

export interface DatabaseDefinition<S extends Schema = Schema> extends AppSchema<S> {
  /** What commands call it in messages. */
  readonly name: string;
  /** The folder in which `drizzle.config.ts` lies. Absolute. */
  readonly folder: string;
  /** The migrations folder that drizzle-kit writes. Absolute. */
  readonly migrations: string;
  /** The folder of the table definitions: findings name lines in it. Absolute. */
  readonly sources: string;
  /** By the name under which the schema exports the table. A table without validators is a finding of `verify`. */
  readonly validators: Readonly<Partial<Record<TableKey<S>, TableValidators>>>;
  /** How a column is named that has no name of its own, as `casing` in `drizzle.config.ts` says. Default: as in the code. */
  readonly casing?: 'snake_case' | 'camelCase';
  /** What `db:seed` writes. Default: rows derived from the types of the columns. */
  readonly samples?: Samples;
}
