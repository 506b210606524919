/** Finds the migrations of this branch that the base does not have, with the snapshots that drizzle-kit used for them. */
import type { Snapshot } from '../schema/snapshot.ts';
import { refusal } from '../failure.ts';
import { indentLines } from '../output.ts';
import { conflictSides } from './conflict-sides.ts';
import { type FolderFiles, isSameText, journalOf, snapshotIn, tagsOf } from './folder-files.ts';
import { commitsOf, readFilesAtCommit } from './git.ts';

export interface BranchMigration {
  readonly tag: string;
  readonly sql: string;
  /** Absent if no journal names the migration together with its snapshot. */
  readonly origin?: Origin;
}

interface Origin {
  /** Milliseconds since 1970. */
  readonly when: number;
  /** The snapshots before and after the migration. There is none before the first migration. */
  readonly before: Snapshot | undefined;
  readonly after: Snapshot;
}

/**
 * Returns this branch's migrations in the order in which they were written.
 * @param here the folder after the merge, with or without conflict markers.
 * @throws {CommandFailure} if a file of the base is missing here or differs.
 */
export async function findBranchMigrations(
  here: FolderFiles,
  base: FolderFiles,
  folder: string,
): Promise<BranchMigration[]> {
  const faults = tagsOf(base).flatMap((tag) =>
    here.has(`${tag}.sql`) ? [] : [`${tag}.sql is missing: first merge the base branch, with its schema`],
  );
  const own: BranchMigration[] = [];
  for (const tag of tagsOf(here)) {
    const sides = conflictSides(here.get(`${tag}.sql`) ?? '');
    const inBase = base.get(`${tag}.sql`);
    // Between conflict markers each line ends with a newline, also the last one.
    const isSameAsBase = (side: string) =>
      inBase !== undefined && (isSameText(side, inBase) || (sides.length > 1 && isSameText(side, `${inBase}\n`)));
    const others = sides.filter((side) => !isSameAsBase(side));
    const [sql, ...more] = others;
    if (sql === undefined) continue;
    if (inBase !== undefined && others.length === sides.length) {
      faults.push(`${tag}.sql differs from the base branch: restore it, and write the change as a new migration`);
    } else if (more.length > 0) {
      faults.push(`${tag}.sql is a migration of this branch with conflict markers of a merge: choose the right side`);
    } else {
      const origin = await findOrigin(tag, sql, here, folder);
      own.push({ tag, sql, ...(origin && { origin }) });
    }
  }
  if (faults.length > 0) {
    throw refusal(`some migrations of the base branch are missing or differ.\n${indentLines(faults)}`.trimEnd());
  }
  return own.toSorted((one, other) => numberOf(one) - numberOf(other) || whenOf(one) - whenOf(other));
}

function numberOf({ tag }: BranchMigration): number {
  return Number(/^\d+/.exec(tag)?.[0] ?? Number.MAX_SAFE_INTEGER);
}

function whenOf({ origin }: BranchMigration): number {
  return origin?.when ?? 0;
}

/** Finds a migration's snapshots on a side of the merge, else in the file's commits: a manually merged journal may lack it. */
async function findOrigin(tag: string, sql: string, here: FolderFiles, folder: string): Promise<Origin | undefined> {
  for (const side of [0, 1]) {
    const found = findOriginIn(sideOf(here, side), tag, sql);
    if (found !== undefined) return found;
  }
  for (const commit of await commitsOf(`${tag}.sql`, folder)) {
    const found = findOriginIn(await readFilesAtCommit(commit, folder), tag);
    if (found !== undefined) return found;
  }
  return undefined;
}

function sideOf(files: FolderFiles, side: number): FolderFiles {
  return new Map(
    [...files].map(([path, text]) => {
      const sides = conflictSides(text);
      return [path, sides[side] ?? sides[0] ?? ''];
    }),
  );
}

/** Finds a migration's snapshots. Undefined without the migration (with this text, if given) or if its snapshot does not follow. */
export function findOriginIn(files: FolderFiles, tag: string, sql?: string): Origin | undefined {
  if (sql !== undefined && files.get(`${tag}.sql`) !== sql) return undefined;
  try {
    const { entries } = journalOf(files);
    const at = entries.findIndex((entry) => entry.tag === tag);
    const [entry, previous] = [entries[at], entries[at - 1]];
    const after = entry && snapshotIn(files, entry.idx);
    const before = previous && snapshotIn(files, previous.idx);
    if (entry === undefined || after === undefined || (previous !== undefined && after['prevId'] !== before?.['id'])) {
      return undefined;
    }
    return { when: entry.when, before, after };
  } catch {
    // A file with conflict markers is not valid JSON.
    return undefined;
  }
}
