/** An application of two tables, for tests that break a schema by name: the app's own tables grow, these do not. */
import { join } from 'node:path';

import { validatorsFor, validatorsOf, z } from '@todo/client/validators';
import type { Branch } from '@todo/local-neon';
import { emptyBranch, testBranch } from '@todo/local-neon/vitest';
import { type DatabaseDefinition, migrate } from '@todo/migrator';

import type { App } from '../../src/app-definition.ts';
import { todo } from '../../src/checks/todo/index.ts';
import type { Result } from '../../src/result.ts';
import { prove, type ProveOptions } from '../prove.ts';
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

/** With the app's checks that read: they need no more of the tables than these have. */
export const twoTables: App = { database, checks: todo.checks.filter(({ mode }) => mode === 'reads') };

let template: Promise<Branch> | undefined;

/** A migrated database of the two tables, the test file's own. */
export async function twoTablesBranch(): Promise<Branch> {
  template ??= migratedBranch();
  return await testBranch({ from: await template });
}

async function migratedBranch(): Promise<Branch> {
  const branch = await emptyBranch();
  await migrate(branch.url, database.migrations);
  return branch;
}

export async function proveTwoTables(url: string, options: Omit<ProveOptions, 'app'> = {}): Promise<Result[]> {
  return await prove(url, { app: twoTables, ...options });
}
