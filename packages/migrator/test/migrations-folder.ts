/** Writes migrations folders for tests, with the layout of drizzle-kit. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { onTestFinished } from 'vitest';

export interface TestMigration {
  readonly name: string;
  readonly sql: string;
  /** Milliseconds since 1970. Default: later than the migrations before it. */
  readonly when?: number;
}

/** Writes a folder that is removed after the test. */
export async function migrationsFolder(...migrations: TestMigration[]): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'todo-migrations-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await rewriteFolder(directory, ...migrations);
  return directory;
}

/** Replaces the content of the folder. */
export async function rewriteFolder(directory: string, ...migrations: TestMigration[]): Promise<void> {
  await rm(directory, { recursive: true });
  await mkdir(join(directory, 'meta'), { recursive: true });
  const entries = migrations.map(({ name, when }, idx) => ({
    idx,
    version: '7',
    when: when ?? Date.UTC(2026, 0, 1 + idx),
    tag: name,
    breakpoints: true,
  }));
  const journal = { version: '7', dialect: 'postgresql', entries };
  await writeFile(join(directory, 'meta', '_journal.json'), JSON.stringify(journal));
  for (const { name, sql } of migrations) await writeFile(join(directory, `${name}.sql`), sql);
}
