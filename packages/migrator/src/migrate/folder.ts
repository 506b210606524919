/** Reads drizzle-kit's migrations folder: `meta/_journal.json` lists the migrations in order, and each has a file `name.sql`. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

import { requireMerged } from './merge-conflict.ts';
import { MigrationError } from './migration-error.ts';
import { type MigrationFile, readMigrationFile } from './migration-file.ts';
import { readJson } from './read-json.ts';

export interface Migration {
  /** The file name without `.sql`: `0000_create_tables`. */
  readonly name: string;
  /** The time at which drizzle-kit wrote the file, in milliseconds since 1970. The migrations table identifies migrations by this time. */
  readonly createdAt: number;
  /** Absent if the journal names a file that does not exist. */
  readonly file?: MigrationFile;
}

/** A migration whose file exists. */
export type FileMigration = Required<Migration>;

export interface MigrationFolder {
  /** In the order of the journal. */
  readonly migrations: readonly Migration[];
  /** Names of `.sql` files that are not in the journal. No run applies these files. */
  readonly strays: readonly string[];
}

/**
 * Reads a migrations folder.
 * @throws {MigrationError} `FOLDER_INVALID` if there is no folder or no readable journal, or if a file cannot be read.
 */
export async function readFolder(directory: string): Promise<MigrationFolder> {
  const { entries } = await readJournal(join(directory, 'meta', '_journal.json'));
  await requireMergedSnapshots(join(directory, 'meta'));
  const files = (await readdir(directory)).filter((file) => file.endsWith('.sql'));

  const migrations: Migration[] = [];
  for (const { tag: name, when: createdAt } of entries) {
    const exists = files.includes(`${name}.sql`);
    migrations.push({ name, createdAt, ...(exists && { file: await readMigrationFile(directory, name) }) });
  }
  const strays = files
    .map((file) => file.slice(0, -'.sql'.length))
    .filter((name) => !entries.some(({ tag }) => tag === name));
  return { migrations, strays: strays.toSorted() };
}

/** Refuses snapshots with conflict markers, which show that the merge of the migrations is not finished. */
async function requireMergedSnapshots(meta: string): Promise<void> {
  for (const file of (await readdir(meta)).filter((name) => name.endsWith('_snapshot.json'))) {
    requireMerged(file, await readFile(join(meta, file), 'utf8'));
  }
}

export function hasFile(migration: Migration): migration is FileMigration {
  return migration.file !== undefined;
}

const Journal = z.object({ entries: z.array(z.object({ tag: z.string(), when: z.int() })) });

/** Reads the journal. Refuses one that names a migration twice. */
async function readJournal(path: string): Promise<z.infer<typeof Journal>> {
  try {
    const journal = Journal.parse(await readJson(path));
    const tags = journal.entries.map(({ tag }) => tag);
    const repeatedTag = tags.find((tag, index) => tags.indexOf(tag) !== index);
    if (repeatedTag !== undefined) throw new Error(`the journal names ${repeatedTag} twice`);
    return journal;
  } catch (cause) {
    if (cause instanceof MigrationError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    const remedy = ' Restore the journal from git. If there is no migration yet, run `pnpm db:generate`.';
    throw new MigrationError('FOLDER_INVALID', `The journal ${path} cannot be read: ${reason}.${remedy}`, { cause });
  }
}
