/** Finds faults because of which drizzle-kit must not write into the migrations folder. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { findJournalFaults } from '../../migrate/journal-faults.ts';
import { refusal } from '../failure.ts';
import { indentLines } from '../output.ts';

/**
 * Returns the faults of the folder, one line each. Returns none if there is no migration yet: no folder, or no journal and no files.
 * drizzle-kit itself would overwrite files that the journal does not name.
 */
export async function findFolderFaults(migrations: string): Promise<string[]> {
  if (existsSync(join(migrations, 'meta', '_journal.json')))
    // A journal that cannot be read is the only fault.
    return findJournalFaults(migrations).catch((error) => [error instanceof Error ? error.message : String(error)]);
  const files = existsSync(migrations) ? await readdir(migrations, { recursive: true }) : [];
  return files
    .filter((file) => /\.sql$|_snapshot\.json$/.test(file))
    .map((file) => `${file} exists, and meta/_journal.json does not`);
}

/**
 * Fails if the folder has faults: drizzle-kit uses the number after the journal's last entry, and overwrites files with that number.
 * @throws {CommandFailure}
 */
export async function requireConsistentFolder(migrations: string, remedy: string): Promise<void> {
  const faults = await findFolderFaults(migrations);
  if (faults.length === 0) return;
  throw refusal(`journal, files and snapshots of the migrations do not agree.\n${indentLines(faults)}${remedy}`);
}
