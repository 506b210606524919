/** Splits the migrations into those that stay and those that are regenerated. */
import type { DatabaseDefinition } from '../../database-definition.ts';
import { refusal } from '../failure.ts';
import { printToStderr } from '../output.ts';
import { findFolderFaults, requireConsistentFolder } from '../schema/folder-faults.ts';
import { type FolderFiles, JOURNAL, journalOf, snapshotPath } from './folder-files.ts';
import { readFilesAtBase, readFilesAtCommit, hasCommit } from './git.ts';
import { findBranchMigrations, findOriginIn, type BranchMigration } from './branch-migrations.ts';

export interface History {
  readonly here: FolderFiles;
  readonly base: FolderFiles;
  readonly branchMigrations: readonly BranchMigration[];
  /** Whether this branch's migrations already follow those of the base, without faults in journal and snapshots. */
  readonly isInOrder: boolean;
}

/** Returns the history in which the migrations that `ref` does not have are regenerated. */
export async function branchHistory(
  { migrations }: DatabaseDefinition,
  here: FolderFiles,
  ref: string,
): Promise<History> {
  const base = await readFilesAtBase(ref, migrations);
  const branchMigrations = await findBranchMigrations(here, base, migrations);
  const isWhole = (await findFolderFaults(migrations)).length === 0;
  return { here, base, branchMigrations, isInOrder: isWhole && beginsWith(here, base) };
}

function beginsWith(here: FolderFiles, base: FolderFiles): boolean {
  const { entries } = journalOf(here);
  return journalOf(base).entries.every(
    ({ tag, when }, index) => entries[index]?.tag === tag && entries[index].when === when,
  );
}

/** Returns the history in which only the last migration is regenerated. */
export async function lastHistory(
  { migrations }: DatabaseDefinition,
  here: FolderFiles,
  ref: string,
): Promise<History> {
  await requireConsistentFolder(migrations, 'After a merge, `pnpm db:rebase` without --last corrects that.');
  const journal = journalOf(here);
  const last = journal.entries.at(-1);
  if (last === undefined)
    throw refusal('there is no migration to regenerate. `pnpm db:generate` writes the first one.');
  await requireUndeployed(last.tag, ref, migrations);
  const base = new Map(here).set(JOURNAL, JSON.stringify({ ...journal, entries: journal.entries.slice(0, -1) }));
  base.delete(`${last.tag}.sql`);
  base.delete(snapshotPath(last.idx));
  const origin = findOriginIn(here, last.tag);
  const sql = here.get(`${last.tag}.sql`) ?? '';
  return { here, base, branchMigrations: [{ tag: last.tag, sql, ...(origin && { origin }) }], isInOrder: true };
}

async function requireUndeployed(tag: string, ref: string, folder: string): Promise<void> {
  if (!(await hasCommit(ref, folder))) {
    return printToStderr(`There is no ${ref} in git: could not check whether it contains ${tag}.`);
  }
  if (!(await readFilesAtCommit(ref, folder)).has(`${tag}.sql`)) return;
  throw refusal(
    `${tag} is in ${ref}, so others have it. Write the correction as the next migration: \`pnpm db:generate\`.`,
  );
}
