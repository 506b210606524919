/**
 * Checks that no other user may write in a folder. Such a user could replace files in it with links to our files, so
 * nothing in an unsafe folder is read, created, changed or removed.
 */
import { lstatSync, type Stats, statSync } from 'node:fs';

import { LocalNeonError } from './error.ts';
import { ifPossible } from './if-possible.ts';

/** Why a folder is unsafe, as a phrase that follows its path; undefined for a safe or missing folder. */
export function ownershipProblem(folder: string): string | undefined {
  const ownUid = process.getuid?.();
  // A folder that cannot be examined passes: using it fails later, with a clear error.
  const linkStats = ifPossible(() => lstatSync(folder));
  if (ownUid === undefined || linkStats === undefined) return undefined;
  // The owner of a link can change its target at any time.
  if (linkStats.isSymbolicLink() && linkStats.uid !== ownUid && linkStats.uid !== 0)
    return `is a link of user ${linkStats.uid}`;
  const folderStats = ifPossible(() => statSync(folder));
  if (folderStats === undefined) return undefined;
  if (folderStats.uid !== ownUid) return `belongs to user ${folderStats.uid}, and this is user ${ownUid}`;
  if (!mayOthersWrite(folderStats)) return undefined;
  return `is writable for other users than its owner (mode ${(folderStats.mode & 0o7777).toString(8)})`;
}

const WRITE_BY_GROUP = 0o020;
const WRITE_BY_OTHERS = 0o002;

/**
 * Whether other users may write. Ignores a user's private group, which has the user's number: on many systems every
 * folder is writable to that group (umask 002). Root's group is not private: containers put other users into it.
 */
export function mayOthersWrite({ uid, gid, mode }: Pick<Stats, 'uid' | 'gid' | 'mode'>): boolean {
  const isPrivateGroup = gid === uid && uid !== 0;
  return (mode & (isPrivateGroup ? WRITE_BY_OTHERS : WRITE_BY_GROUP | WRITE_BY_OTHERS)) !== 0;
}

/** Throws `DATA_DIRECTORY_UNUSABLE` for a data directory in which other users may write. A missing folder is allowed. */
export function requireSafeDataDirectory(folder: string): void {
  const problem = ownershipProblem(folder);
  if (problem === undefined) return;
  const message =
    `${folder} ${problem}: other users could read the passwords and replace the files in it. Nothing was changed. ` +
    'Use another folder; start the server as the owner of this folder; or, if only you have used the folder, make it yours (chown, chmod go-w).';
  throw new LocalNeonError('DATA_DIRECTORY_UNUSABLE', message);
}
