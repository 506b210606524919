/** A database definition of any number of tables, each pair of them in the shape of `user` and `todo`: for `verify --database`. */
import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { migrateFolder } from '../workspace.ts';

const DB = fileURLToPath(new URL('../../../packages/db/', import.meta.url));

/**
 * Writes the schema of `tables` tables (even) and its migration to a new folder inside `parent`, and applies it to the database
 * at `url`. Returns the path of the module that exports the definition.
 */
export async function createTables(tables: number, url: string, parent: string): Promise<string> {
  const folder = join(parent, `tables-${tables}`);
  await mkdir(folder);
  // drizzle-kit and the definition must load the same drizzle-orm as the verifier.
  await symlink(join(DB, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'schema.mjs'), schemaModule(tables / 2));
  const file = join(folder, 'database.mjs');
  await writeFile(file, definitionModule(tables, folder));
  const kit = join(DB, 'node_modules/drizzle-kit/bin.cjs');
  const config = ['--dialect', 'postgresql', '--schema', './schema.mjs', '--out', './migrations'];
  await promisify(execFile)(process.execPath, [kit, 'generate', ...config], { cwd: folder });
  await migrateFolder(url, join(folder, 'migrations'));
  return file;
}

function schemaModule(pairs: number): string {
  const numbers = Array.from({ length: pairs }, (_, index) => index + 1);
  return [
    `import { sql } from 'drizzle-orm';`,
    `import * as pg from 'drizzle-orm/pg-core';`,
    `const time = (name) => pg.timestamp(name, { withTimezone: true }).notNull().defaultNow();`,
    ...numbers.flatMap((number) => [
      `export const owner${number} = pg.pgTable('owner_${number}', {
  id: pg.serial('id').primaryKey(),
  email: pg.varchar('email', { length: 255 }).notNull(),
  createdAt: time('created_at'),
  updatedAt: time('updated_at').$onUpdate(() => sql\`now()\`),
}, (table) => [pg.uniqueIndex('idx_owner_${number}_email_unique').on(table.email)]);`,
      `export const item${number} = pg.pgTable('item_${number}', {
  id: pg.serial('id').primaryKey(),
  title: pg.varchar('title', { length: 200 }).notNull(),
  description: pg.text('description'),
  isDone: pg.boolean('is_done').notNull().default(false),
  ownerId: pg.integer('owner_id').notNull().references(() => owner${number}.id, { onDelete: 'cascade' }),
  createdAt: time('created_at'),
  updatedAt: time('updated_at').$onUpdate(() => sql\`now()\`),
}, (table) => [pg.index('idx_item_${number}_owner_id').on(table.ownerId)]);`,
    ]),
  ].join('\n');
}

function definitionModule(tables: number, folder: string): string {
  const values = {
    name: `tables_${tables}`,
    folder,
    migrations: join(folder, 'migrations'),
    sources: folder,
  };
  return `import { validatorsFor } from '@todo/client/validators';
import * as schema from ${JSON.stringify(pathToFileURL(join(folder, 'schema.mjs')).href)};
export const database = { ...${JSON.stringify(values)}, schema, validators: validatorsFor(schema) };
`;
}
