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
  /** The time in the journal, in milliseconds since 1970. A database records it for an applied migration. */
  readonly when: number;
  /** The snapshots before and after the migration. There is none before the first migration. */
  readonly before: Snapshot | undefined;
  readonly after: Snapshot;
}

/**
 * Returns this branch's migrations in the order in which they were written.
 * @param current the folder after the merge, with or without conflict markers.
 * @throws {CommandFailure} if a file of the base is missing in the folder or differs.
 */
export async function findBranchMigrations(
  current: FolderFiles,
  base: FolderFiles,
  folder: string,
): Promise<BranchMigration[]> {
  const faults = tagsOf(base).flatMap((tag) =>
    current.has(`${tag}.sql`) ? [] : [`${tag}.sql is missing: first merge the base branch, with its schema`],
  );
  const found: BranchMigration[] = [];
  for (const tag of tagsOf(current)) {
    const sides = conflictSides(current.get(`${tag}.sql`) ?? '');
    const inBase = base.get(`${tag}.sql`);
    // Between conflict markers each line ends with a newline, also the last one.
    const isSameAsBase = (side: string) =>
      inBase !== undefined && (isSameText(side, inBase) || (sides.length > 1 && isSameText(side, `${inBase}\n`)));
    const branchSides = sides.filter((side) => !isSameAsBase(side));
    const [sql, ...otherSides] = branchSides;
    if (sql === undefined) continue;
    if (inBase !== undefined && branchSides.length === sides.length) {
      faults.push(`${tag}.sql differs from the base branch: restore it, and write the change as a new migration`);
    } else if (otherSides.length > 0) {
      faults.push(`${tag}.sql is a migration of this branch with conflict markers of a merge: choose the right side`);
    } else {
      const origin = await findOrigin(tag, sql, current, folder);
      found.push({ tag, sql, ...(origin && { origin }) });
    }
  }
  if (faults.length > 0) {
    throw refusal(`some migrations of the base branch are missing or differ.\n${indentLines(faults)}`.trimEnd());
  }
  const whenOf = ({ origin }: BranchMigration) => origin?.when ?? 0;
  return found.toSorted((one, other) => numberOf(one) - numberOf(other) || whenOf(one) - whenOf(other));
}

/** The number at the beginning of the file name; a large number without one, to sort such a file last. */
function numberOf({ tag }: BranchMigration): number {
  return Number(/^\d+/.exec(tag)?.[0] ?? Number.MAX_SAFE_INTEGER);
}

/** Finds a migration's snapshots on a side of the merge, else in the file's commits: a manually merged journal may lack it. */
async function findOrigin(tag: string, sql: string, current: FolderFiles, folder: string): Promise<Origin | undefined> {
  for (const side of [0, 1]) {
    const found = findOriginIn(sideOf(current, side), tag, sql);
    if (found !== undefined) return found;
  }
  for (const commit of await commitsOf(`${tag}.sql`, folder)) {
    const found = findOriginIn(await readFilesAtCommit(commit, folder), tag);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The files with the text of one side of the merge: 0 is above the middle marker, 1 below it. */
function sideOf(files: FolderFiles, side: number): FolderFiles {
  // A text without markers has one side.
  const textOf = (sides: readonly string[]) => sides[side] ?? sides[0] ?? '';
  return new Map([...files].map(([path, text]) => [path, textOf(conflictSides(text))]));
}

/** Finds a migration's snapshots. Undefined if the files lack the migration or have other SQL, or if its snapshot follows another one. */
export function findOriginIn(files: FolderFiles, tag: string, sql?: string): Origin | undefined {
  if (sql !== undefined && files.get(`${tag}.sql`) !== sql) return undefined;
  try {
    const { entries } = journalOf(files);
    const index = entries.findIndex((entry) => entry.tag === tag);
    const [entry, previous] = [entries[index], entries[index - 1]];
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
