/**
 * The folder that drizzle-kit writes: `meta/_journal.json` names the migrations in their order, beside it lies one
 * `name.sql` for each. What a later drizzle-kit changes about that layout is changed in this file alone.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

import { requireMerged } from './merge-conflict.ts';
import { MigrationError } from './migration-error.ts';
import { type MigrationFile, readMigrationFile } from './migration-file.ts';
import { readJson } from './read-json.ts';

export interface Migration {
  /** Without `.sql`: `0000_create_tables`. */
  readonly name: string;
  /** When drizzle-kit wrote it, in milliseconds since 1970: the migrations table knows it by this. */
  readonly createdAt: number;
  /** Absent when the journal names a file that is not there. */
  readonly file?: MigrationFile;
}

export interface MigrationFolder {
  /** In the journal's order. */
  readonly migrations: readonly Migration[];
  /** Names of files that the journal does not name: nothing would ever run them. */
  readonly strays: readonly string[];
}

/**
 * Reads a migrations folder.
 * @throws {MigrationError} `FOLDER_INVALID` when there is no folder, no journal that can be read, or a file that cannot be.
 */
export async function readFolder(directory: string): Promise<MigrationFolder> {
  const { entries } = await readJournal(join(directory, 'meta', '_journal.json'));
  await requireMergedSnapshots(join(directory, 'meta'));
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql'));

  const migrations: Migration[] = [];
  for (const { tag: name, when: createdAt } of entries) {
    const isThere = files.includes(`${name}.sql`);
    migrations.push({ name, createdAt, ...(isThere && { file: await readMigrationFile(directory, name) }) });
  }
  const strays = files
    .map((file) => file.slice(0, -'.sql'.length))
    .filter((name) => !entries.some(({ tag }) => tag === name));
  return { migrations, strays: strays.toSorted() };
}

/** No run needs them; but where one is half merged, nobody has decided yet which migrations there are. */
async function requireMergedSnapshots(meta: string): Promise<void> {
  for (const file of (await readdir(meta)).filter((name) => name.endsWith('_snapshot.json'))) {
    requireMerged(file, await readFile(join(meta, file), 'utf8'));
  }
}

export function hasFile(migration: Migration): migration is Required<Migration> {
  return migration.file !== undefined;
}

const Journal = z.object({
  entries: z.array(z.object({ tag: z.string(), when: z.int() })),
});

async function readJournal(path: string): Promise<z.infer<typeof Journal>> {
  try {
    const journal = Journal.parse(await readJson(path));
    const tags = journal.entries.map(({ tag }) => tag);
    const twice = tags.find((tag, index) => tags.indexOf(tag) !== index);
    if (twice !== undefined) throw new Error(`it names ${twice} twice`);
    return journal;
  } catch (cause) {
    if (cause instanceof MigrationError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const remedy = ' Restore it from git, or let `pnpm db:generate` write the first migration.';
    throw new MigrationError('FOLDER_INVALID', `The journal ${path} cannot be read: ${reason}.${remedy}`, { cause });
  }
}
