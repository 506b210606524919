/**
 * Where local-neon keeps what does not belong into a data directory. An unprivileged server cannot enter root's folders
 * (EACCES on `/root/x`), so what root's server must reach lies where anyone may walk, in folders that only it may open.
 */
import { randomBytes } from 'node:crypto';
import { accessSync, chmodSync, constants, lchownSync, mkdirSync, statSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

import { mayOthersWrite } from '../folder-ownership.ts';
import { serverUser } from './server-user.ts';

/** In the folder of a run, with the socket. */
export const SOCKET_FOLDER = 's';

/** PostgreSQL's limit is 107 bytes on Linux and 103 on macOS, of which `/.s.PGSQL.5432` takes 14. */
const SOCKET_FOLDER_BYTES_MAX = 103 - 14;

/** Where the folder of a run can be made: there, short enough for its socket, and safe from others; and the server may walk through. */
export function temporaryFolder(): string {
  return isUsable(tmpdir()) ? tmpdir() : '/tmp';
}

/** Linux's file system in memory, as POSIX shared memory uses it. Containers often have 64 MB of it. */
const MEMORY_FOLDER = '/dev/shm';

/** Some dozens of megabytes are used: the rest is for branches, and for what else runs on the machine. */
const FREE_MEMORY_BYTES_MIN = 2 * 1024 ** 3;

/**
 * Where a temporary server keeps its data: in memory where there is plenty, because a database is about 300 files, and those of
 * a branch are made and removed there in a third of the time or less. A `TMPDIR` of the user's own is respected.
 */
export function temporaryDataFolder(): string {
  const isInMemory = process.env['TMPDIR'] === undefined && isPlentyInMemory();
  return isInMemory ? MEMORY_FOLDER : temporaryFolder();
}

function isPlentyInMemory(): boolean {
  // macOS has none.
  if (!isUsable(MEMORY_FOLDER)) return false;
  const { bavail, bsize } = statfsSync(MEMORY_FOLDER);
  // A container's limit counts, too.
  return Math.min(bavail * bsize, process.availableMemory()) >= FREE_MEMORY_BYTES_MIN;
}

/** A name in one of them for the folder of a run, which nobody else has. */
export function nameRunFolder(temporary: string): string {
  return join(temporary, `local-neon-${randomBytes(6).toString('hex')}`);
}

/**
 * Hands what we have just made to the user PostgreSQL runs as; nothing to do where that is us. It must lie in a folder of ours: in
 * one of the server's, a link could be in its place by now.
 */
export function giveToServer(path: string): void {
  const user = serverUser();
  if (user) lchownSync(path, user.uid, user.gid);
}

/** Makes a folder that the server writes in, inside of one that stays ours. */
export function makeServerFolder(path: string): string {
  mkdirSync(path, 0o700);
  giveToServer(path);
  return path;
}

/** Lets the server walk through a folder that stays ours, without seeing what is in it. */
export function letServerThrough(folder: string): void {
  if (serverUser()) chmodSync(folder, 0o711);
}

function isUsable(temporary: string): boolean {
  // The guard stands elsewhere and reads line by line, PostgreSQL reads a list with commas.
  if (!isAbsolute(temporary) || /[,\n]/.test(temporary)) return false;
  if (Buffer.byteLength(join(nameRunFolder(temporary), SOCKET_FOLDER)) > SOCKET_FOLDER_BYTES_MAX) return false;
  try {
    accessSync(temporary, constants.W_OK | constants.X_OK);
    return isSafe(temporary) && (serverUser() === undefined || othersMayEnter(temporary));
  } catch {
    // Not there, or not for us.
    return false;
  }
}

/** https://man7.org/linux/man-pages/man7/inode.7.html */
const STICKY = 0o1000;
const ENTER_OF_OTHERS = 0o001;

/** Whether nobody else may rename or remove what we make there, and put something else in its place. */
function isSafe(folder: string): boolean {
  const found = statSync(folder);
  if (found.uid !== process.getuid?.() && found.uid !== 0) return false;
  return !mayOthersWrite(found) || (found.mode & STICKY) !== 0;
}

function othersMayEnter(folder: string): boolean {
  if ((statSync(folder).mode & ENTER_OF_OTHERS) === 0) return false;
  return folder === dirname(folder) || othersMayEnter(dirname(folder));
}
