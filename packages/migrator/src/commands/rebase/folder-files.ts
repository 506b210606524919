/** A migrations folder as text: on disk, at a commit, or on one side of a merge. */
import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';

import { z } from 'zod';

import type { Snapshot } from '../schema/snapshot.ts';

/** The texts of the files, by path within the folder. Paths have slashes, also on Windows. */
export type FolderFiles = ReadonlyMap<string, string>;

export const JOURNAL = 'meta/_journal.json';

const Entry = z.looseObject({ idx: z.int(), tag: z.string(), when: z.int() });
const Journal = z.looseObject({ entries: z.array(Entry) });

export type Journal = z.infer<typeof Journal>;

/** The journal that drizzle-kit writes first. */
const EMPTY_JOURNAL: Journal = { version: '7', dialect: 'postgresql', entries: [] };

export async function readFolderFiles(folder: string): Promise<FolderFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
  const texts = await Promise.all(
    paths.map(async (path) => [path.split(sep).join('/'), await readFile(join(folder, path), 'utf8')] as const),
  );
  return new Map(texts);
}

/** The tags of the migrations: the names of their files, without `.sql`. */
export function tagsOf(files: FolderFiles): string[] {
  return [...files.keys()].filter((path) => /^[^/]+\.sql$/.test(path)).map((path) => path.slice(0, -'.sql'.length));
}

/** Parses the journal; returns an empty one if the file is missing. @throws if the file is not a journal. */
export function journalOf(files: FolderFiles): Journal {
  const text = files.get(JOURNAL);
  return text === undefined ? EMPTY_JOURNAL : Journal.parse(JSON.parse(text));
}

export function snapshotPath(idx: number): string {
  return `meta/${formatIndex(idx)}_snapshot.json`;
}

/** The number as drizzle-kit writes it in file names: `0007`. */
export function formatIndex(idx: number): string {
  return String(idx).padStart(4, '0');
}

/** Parses the snapshot of a migration. @throws if the file is not a snapshot. */
export function snapshotIn(files: FolderFiles, idx: number): Snapshot | undefined {
  const text = files.get(snapshotPath(idx));
  return text === undefined ? undefined : z.record(z.string(), z.unknown()).parse(JSON.parse(text));
}

/** Whether the texts are equal except for line endings, which may differ between a checkout and its commit. */
export function isSameText(one: string, other: string): boolean {
  return one.replaceAll('\r\n', '\n') === other.replaceAll('\r\n', '\n');
}
