/** A migrations folder for tests, in drizzle-kit's layout. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { temporaryFolder } from './command.ts';

export interface TestMigration {
  readonly name: string;
  readonly sql: string;
  /** Milliseconds since 1970. */
  readonly when: number;
}

/** Writes a folder that is removed after the test. */
export async function migrationsFolder(...migrations: TestMigration[]): Promise<string> {
  const directory = await temporaryFolder();
  const entries = migrations.map(({ name, when }, idx) => ({ idx, version: '7', when, tag: name, breakpoints: true }));
  await mkdir(join(directory, 'meta'));
  const journal = { version: '7', dialect: 'postgresql', entries };
  await writeFile(join(directory, 'meta', '_journal.json'), JSON.stringify(journal));
  for (const { name, sql } of migrations) await writeFile(join(directory, `${name}.sql`), sql);
  return directory;
}
