/** Splits the migrations into those that stay and those that are regenerated. */
import type { DatabaseDefinition } from '../../database-definition.ts';
import { refusal } from '../failure.ts';
import { printToStderr } from '../output.ts';
import { findFolderFaults, requireConsistentFolder } from '../schema/folder-faults.ts';
import { type FolderFiles, JOURNAL, journalOf, snapshotPath } from './folder-files.ts';
import { readFilesAtBase, readFilesAtCommit, hasCommit } from './git.ts';
import { findBranchMigrations, findOriginIn, type BranchMigration } from './branch-migrations.ts';

export interface History {
  /** The migrations folder as it is, with or without conflict markers. */
  readonly current: FolderFiles;
  readonly base: FolderFiles;
  readonly branchMigrations: readonly BranchMigration[];
  /** Whether this branch's migrations already follow those of the base, without faults in journal and snapshots. */
  readonly isInOrder: boolean;
}

/** Returns the migrations that stay, those of `ref`, and those that must be regenerated: all others. */
export async function branchHistory(
  { migrations }: DatabaseDefinition,
  current: FolderFiles,
  ref: string,
): Promise<History> {
  const base = await readFilesAtBase(ref, migrations);
  const branchMigrations = await findBranchMigrations(current, base, migrations);
  const hasFaults = (await findFolderFaults(migrations)).length > 0;
  return { current, base, branchMigrations, isInOrder: !hasFaults && beginsWith(current, base) };
}

/** Whether the current journal begins with the entries of the base. */
function beginsWith(current: FolderFiles, base: FolderFiles): boolean {
  const { entries } = journalOf(current);
  return journalOf(base).entries.every(
    ({ tag, when }, index) => entries[index]?.tag === tag && entries[index].when === when,
  );
}

/** Returns the migrations that stay and the one that must be regenerated: the last one. */
export async function lastHistory(
  { migrations }: DatabaseDefinition,
  current: FolderFiles,
  ref: string,
): Promise<History> {
  await requireConsistentFolder(migrations, 'After a merge, `pnpm db:rebase` without --last corrects these faults.');
  const journal = journalOf(current);
  const last = journal.entries.at(-1);
  if (last === undefined)
    throw refusal('there is no migration to regenerate. `pnpm db:generate` writes the first one.');
  await requireUndeployed(last.tag, ref, migrations);
  const base = new Map(current).set(JOURNAL, JSON.stringify({ ...journal, entries: journal.entries.slice(0, -1) }));
  base.delete(`${last.tag}.sql`);
  base.delete(snapshotPath(last.idx));
  const origin = findOriginIn(current, last.tag);
  const sql = current.get(`${last.tag}.sql`) ?? '';
  return { current, base, branchMigrations: [{ tag: last.tag, sql, ...(origin && { origin }) }], isInOrder: true };
}

async function requireUndeployed(tag: string, ref: string, folder: string): Promise<void> {
  if (!(await hasCommit(ref, folder))) {
    return printToStderr(`There is no ${ref} in git: could not check whether ${tag} is deployed.`);
  }
  if (!(await readFilesAtCommit(ref, folder)).has(`${tag}.sql`)) return;
  throw refusal(
    `${tag} is in ${ref}, so others have it. Write the correction as the next migration: \`pnpm db:generate\`.`,
  );
}
