/**
 * Folders in which no other user may write. A user who may write in a folder can replace its files by links to ours, so in such a
 * folder nothing is read, made, changed or removed.
 */
import { lstatSync, type Stats, statSync } from 'node:fs';

import { LocalNeonError } from './error.ts';

/** What lets others change the contents of a folder, to be read after its path; undefined for one of ours, and where none is. */
export function ownershipProblem(folder: string): string | undefined {
  const us = process.getuid?.();
  const named = lookAt(folder, lstatSync);
  if (us === undefined || named === undefined) return undefined;
  // It may lead to a folder of ours now, and to another one when its owner likes.
  if (named.isSymbolicLink() && named.uid !== us && named.uid !== 0) return `is a link of user ${named.uid}`;
  const found = lookAt(folder, statSync);
  if (found === undefined) return undefined;
  if (found.uid !== us) return `belongs to user ${found.uid}, and this is user ${us}`;
  if (!mayOthersWrite(found)) return undefined;
  return `may be written by others than its owner (mode ${(found.mode & 0o7777).toString(8)})`;
}

const WRITE_OF_GROUP = 0o020;
const WRITE_OF_ALL = 0o002;

/**
 * Not counting a user's private group, which has the user's number: many systems have every folder writable to it (umask 002). Root's
 * is none, for containers put other users into it.
 */
export function mayOthersWrite({ uid, gid, mode }: Pick<Stats, 'uid' | 'gid' | 'mode'>): boolean {
  const isPrivateGroup = gid === uid && uid !== 0;
  return (mode & (isPrivateGroup ? WRITE_OF_ALL : WRITE_OF_GROUP | WRITE_OF_ALL)) !== 0;
}

/** Throws `DATA_DIRECTORY_UNUSABLE` for a data directory in which others may write. Fine where there is none yet. */
export function requireOwnDataDirectory(folder: string): void {
  const flaw = ownershipProblem(folder);
  if (flaw === undefined) return;
  throw new LocalNeonError(
    'DATA_DIRECTORY_UNUSABLE',
    `${folder} ${flaw}: whoever may write there can read the passwords and exchange what is kept. Nothing was changed. ` +
      'Name another folder, start it as the owner of this one, or, if nobody else has used it, make it yours (chown, chmod go-w).',
  );
}

/** What cannot be looked at cannot be used either, which its user reports. */
function lookAt(path: string, look: (path: string) => Stats): Stats | undefined {
  try {
    return look(path);
  } catch {
    return undefined;
  }
}
