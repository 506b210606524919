/** The app's database for the tools: its tables, and the settings that cannot be derived from the tables. */
import { fileURLToPath } from 'node:url';

import { validatorsFor } from '@todo/client/validators';
import type { DatabaseDefinition } from '@todo/migrator';

import { MIGRATIONS_FOLDER } from './migrations.ts';
import { appSchema, type AppTables } from './schema/app-schema.ts';
import { samples } from './seed/samples.ts';
import { insertTodoSchema, selectTodoSchema, updateTodoSchema } from './validators/todo.ts';
import { insertUserSchema, selectUserSchema, updateUserSchema } from './validators/user.ts';

// `src` and `dist` are at the same depth.
const folder = fileURLToPath(new URL('..', import.meta.url));

export const database = {
  ...appSchema,
  name: 'todo',
  folder,
  migrations: MIGRATIONS_FOLDER,
  sources: `${folder}src/schema`,
  validators: validatorsFor(appSchema.schema, {
    user: { insert: insertUserSchema, update: updateUserSchema, select: selectUserSchema },
    todo: { insert: insertTodoSchema, update: updateTodoSchema, select: selectTodoSchema },
  }),
  samples,
} satisfies DatabaseDefinition<AppTables>;
