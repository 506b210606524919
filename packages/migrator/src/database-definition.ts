/** Describes an application's database for the tools: its tables, and settings that cannot be derived from the tables. */
import type { AppSchema, Schema } from '@todo/client';
import type { TableKey, TableValidators } from '@todo/client/validators';

import type { Samples } from './samples/index.ts';

export interface DatabaseDefinition<S extends Schema = Schema> extends AppSchema<S> {
  /** The name of the database in messages of the commands. */
  readonly name: string;
  /** The folder of `drizzle.config.ts`. Absolute. */
  readonly folder: string;
  /** The migrations folder that drizzle-kit writes. Absolute. */
  readonly migrations: string;
  /** The folder of the table definitions, in which findings name lines. Absolute. */
  readonly sources: string;
  /** Validators by the name under which the schema exports the table. A table without validators is a finding of `verify`. */
  readonly validators: Readonly<Partial<Record<TableKey<S>, TableValidators>>>;
  /** The rows that `db:seed` writes. Default: rows derived from the types of the columns. */
  readonly samples?: Samples;
}
