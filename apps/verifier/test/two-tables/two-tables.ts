/** An application of two tables, for tests that break a schema by name. The app's own tables may grow; these do not. */
import { join } from 'node:path';

import { validatorsFor, validatorsOf, z } from '@todo/client/validators';
import type { Branch } from '@todo/local-neon';
import { testBranch } from '@todo/local-neon/vitest';
import { type DatabaseDefinition, migrate } from '@todo/migrator';

import type { App } from '../../src/app-definition.ts';
import { todo } from '../../src/checks/todo/index.ts';
import { execute } from '../database.ts';
import * as schema from './schema/index.ts';

const email = (column: z.ZodString) => z.string().trim().toLowerCase().pipe(column.refine(isAddress));
const isAddress = (text: string) => z.email().safeParse(text).success;

const database: DatabaseDefinition = {
  name: 'two-tables',
  folder: import.meta.dirname,
  migrations: join(import.meta.dirname, 'migrations'),
  sources: join(import.meta.dirname, 'schema'),
  schema,
  validators: validatorsFor<typeof schema>(schema, { user: validatorsOf(schema.user, { email }) }),
};

/** Has the app's checks that only read: these use no other tables. */
export const twoTables: App = { database, checks: todo.checks.filter(({ mode }) => mode === 'reads') };

const TEMPLATE = { name: 'two_tables' };

/** Migrates the database that `twoTablesBranch()` clones, once per test run. */
export async function migrateTwoTables(url: string): Promise<void> {
  await execute(url, `create database ${TEMPLATE.name} template template1`);
  const own = new URL(url);
  own.pathname = TEMPLATE.name;
  await migrate(own.href, database.migrations);
}

/** Clones a migrated database of the two tables for one test file. */
export async function twoTablesBranch(): Promise<Branch> {
  return await testBranch({ from: TEMPLATE });
}
