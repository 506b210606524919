/** Writes the new migrations folder beside the old one. The caller checks it, and then `swap` puts it in the place of the old one. */
import { renameSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { type FolderFiles, isSameText, JOURNAL, journalOf, snapshotPath } from './folder-files.ts';
import type { NewMigration } from './plan-rebase.ts';

export interface Staging extends AsyncDisposable {
  readonly folder: string;
  /** Replaces the old folder. The call is synchronous, so that no signal is handled between its two renames. */
  swap(): void;
}

export interface StagedParts {
  /** The current files of the folder. Files other than migrations and snapshots are kept. */
  readonly current: FolderFiles;
  readonly base: FolderFiles;
  readonly migrations: readonly NewMigration[];
}

/** Writes the new files to a copy of the folder. @param folder must not be a symbolic link, because it is renamed. */
export async function createStaging(folder: string, parts: StagedParts): Promise<Staging> {
  // Created in the same parent folder, because a rename cannot cross file systems.
  const parent = await mkdtemp(join(dirname(folder), '.rebase-'));
  const staged = join(parent, 'after');
  const staging: Staging = {
    folder: staged,
    swap: () => replaceFolder(folder, staged, join(parent, 'before')),
    [Symbol.asyncDispose]: () => rm(parent, { recursive: true, force: true }),
  };
  try {
    await cp(folder, staged, { recursive: true, preserveTimestamps: true });
    await writeStagedFiles(staged, parts);
    return staging;
  } catch (error) {
    await staging[Symbol.asyncDispose]();
    throw error;
  }
}

/** Writes the files that differ, and removes migrations and snapshots that the new folder does not have. */
async function writeStagedFiles(staged: string, { current, base, migrations }: StagedParts): Promise<void> {
  const wanted = new Map([...base].filter(([path]) => isMigrationFile(path)));
  for (const { sql, tag, snapshot } of migrations) {
    wanted.set(`${tag}.sql`, sql);
    wanted.set(snapshotPath(Number(tag.slice(0, tag.indexOf('_')))), JSON.stringify(snapshot, null, 2));
  }
  wanted.set(JOURNAL, JSON.stringify(journalWith(base, migrations), null, 2));
  for (const path of current.keys()) {
    if (isMigrationFile(path) && !wanted.has(path)) await rm(join(staged, path));
  }
  for (const [path, text] of wanted) {
    const currentText = current.get(path);
    if (currentText === undefined || !isSameText(currentText, text)) await writeFile(join(staged, path), text);
  }
}

/** Whether the path is that of a migration, a snapshot or the journal. */
function isMigrationFile(path: string): boolean {
  return /^[^/]+\.sql$|^meta\/\d+_snapshot\.json$/.test(path) || path === JOURNAL;
}

function journalWith(base: FolderFiles, migrations: readonly NewMigration[]) {
  const journal = journalOf(base);
  const last = journal.entries.at(-1);
  const first = (last?.idx ?? -1) + 1;
  // Each time is later than the previous one, and none is in the future.
  const start = Math.max((last?.when ?? 0) + 1, Date.now() - migrations.length);
  const entries = migrations.map(({ tag, snapshot }, index) => ({
    idx: first + index,
    version: snapshot['version'],
    when: start + index,
    tag,
    breakpoints: true,
  }));
  return { ...journal, entries: [...journal.entries, ...entries] };
}

function replaceFolder(folder: string, staged: string, before: string): void {
  renameSync(folder, before);
  try {
    renameSync(staged, folder);
  } catch (error) {
    renameSync(before, folder);
    throw error;
  }
}
