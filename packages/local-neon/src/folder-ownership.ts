/**
 * Checks that no other user may write in a folder. A user who may write in it can replace its files by links to our
 * files, so nothing in such a folder is read, made, changed or removed.
 */
import { lstatSync, type Stats, statSync } from 'node:fs';

import { LocalNeonError } from './error.ts';
import { ifPossible } from './if-possible.ts';

/** Why other users may write in a folder, as a phrase after its path; undefined for a safe or missing one. */
export function ownershipProblem(folder: string): string | undefined {
  const us = process.getuid?.();
  // A folder that cannot be examined passes: using it fails later, with a clear error.
  const named = ifPossible(() => lstatSync(folder));
  if (us === undefined || named === undefined) return undefined;
  // The owner of a link can change its target at any time.
  if (named.isSymbolicLink() && named.uid !== us && named.uid !== 0) return `is a link of user ${named.uid}`;
  const found = ifPossible(() => statSync(folder));
  if (found === undefined) return undefined;
  if (found.uid !== us) return `belongs to user ${found.uid}, and this is user ${us}`;
  if (!mayOthersWrite(found)) return undefined;
  return `may be written by others than its owner (mode ${(found.mode & 0o7777).toString(8)})`;
}

const WRITE_OF_GROUP = 0o020;
const WRITE_OF_ALL = 0o002;

/**
 * Ignores a user's private group, which has the user's number: on many systems every folder is writable to that group
 * (umask 002). Root's group is not private, because containers put other users into it.
 */
export function mayOthersWrite({ uid, gid, mode }: Pick<Stats, 'uid' | 'gid' | 'mode'>): boolean {
  const isPrivateGroup = gid === uid && uid !== 0;
  return (mode & (isPrivateGroup ? WRITE_OF_ALL : WRITE_OF_GROUP | WRITE_OF_ALL)) !== 0;
}

/** Throws `DATA_DIRECTORY_UNUSABLE` for a data directory in which other users may write. A missing one is fine. */
export function requireOwnDataDirectory(folder: string): void {
  const problem = ownershipProblem(folder);
  if (problem === undefined) return;
  throw new LocalNeonError(
    'DATA_DIRECTORY_UNUSABLE',
    `${folder} ${problem}: other users could read the passwords and replace the files in it. Nothing was changed. ` +
      'Name another folder; start the server as the owner of this folder; or, if only you have used the folder, make it yours (chown, chmod go-w).',
  );
}
