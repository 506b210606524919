/** The migration that creates the two tables of the quickstart. The app adds later migrations. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { database } from '../src/database.ts';
import type { TestMigration } from './migrations-folder.ts';

const NAME = '0000_create_user_and_todo';

export async function firstMigration(): Promise<TestMigration> {
  const sql = await readFile(join(database.migrations, `${NAME}.sql`), 'utf8');
  const journal = JSON.parse(await readFile(join(database.migrations, 'meta', '_journal.json'), 'utf8'));
  return { name: NAME, sql, when: journal.entries[0].when };
}
