/** The library as an application: the test generates its migrations, and each test database is a clone. */
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { validatorsFor } from '@todo/client/validators';
import { emptyBranch, testBranch } from '@todo/local-neon/vitest';
import { type DatabaseDefinition, migrate } from '@todo/migrator';

import type { App } from '../../src/app-definition.ts';
import { writeMigrations } from '../schemas/write-migrations.ts';
import * as schema from './schema.ts';

export interface Library extends App, AsyncDisposable {
  /** Opens a migrated database for one test file. */
  readonly open: () => Promise<string>;
}

/** Objects that Drizzle cannot declare. */
const BY_HAND = `--> statement-breakpoint
create function shelves() returns bigint language sql as 'select count(*) from public.shelf';`;

export async function openLibrary(rest: Partial<DatabaseDefinition> = {}): Promise<Library> {
  const migrations = await mkdtemp(join(tmpdir(), 'library-'));
  await writeMigrations(migrations, [schema]);
  await appendFile(join(migrations, '0000_version_1.sql'), BY_HAND);
  const database: DatabaseDefinition = {
    name: 'library',
    folder: import.meta.dirname,
    sources: import.meta.dirname,
    migrations,
    schema,
    validators: validatorsFor<typeof schema>(schema, {}),
    ...rest,
  };
  const template = await emptyBranch();
  await migrate(template.url, migrations);
  const open = async () => (await testBranch({ from: template })).url;
  const remove = () => rm(migrations, { recursive: true });
  return { database, checks: [], open, [Symbol.asyncDispose]: remove };
}
