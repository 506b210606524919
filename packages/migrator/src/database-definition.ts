/** All that a tool has to know of an application's database: its tables, and what cannot be derived from them. */
import type { AppSchema, Schema } from '@todo/client';
import type { TableKey, TableValidators } from '@todo/client/validators';

import type { Samples } from './samples/index.ts';

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
