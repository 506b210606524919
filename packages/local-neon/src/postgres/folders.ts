/**
 * Chooses and creates folders outside the data directory. For root, PostgreSQL runs as an unprivileged user, which cannot
 * enter folders of root (EACCES on `/root/x`). So the files of a run are below folders that every user may enter, in
 * folders that only PostgreSQL's user may open.
 */
import { randomBytes } from 'node:crypto';
import { accessSync, chmodSync, constants, lchownSync, mkdirSync, statSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

import { mayOthersWrite } from '../folder-ownership.ts';
import { serverUser } from './server-user.ts';

/** The name of the socket's folder in the folder of a run: short, because the path of a socket is limited. */
export const SOCKET_FOLDER = 's';

/** The path of a socket may have 107 bytes on Linux and 103 on macOS. Its name, `/.s.PGSQL.5432`, takes 14 of them. */
const SOCKET_FOLDER_BYTES_MAX = 103 - 14;

/** The parent for the folder of a run: `TMPDIR`, if it is safe, short and open to the server; else `/tmp`. */
export function temporaryFolder(): string {
  return isUsable(tmpdir()) ? tmpdir() : '/tmp';
}

/** Linux's file system in memory, for POSIX shared memory. In containers it often has only 64 MB. */
const MEMORY_FOLDER = '/dev/shm';

/** A server uses some dozens of megabytes. The other memory is for branches and other programs. */
const FREE_MEMORY_BYTES_MIN = 2 * 1024 ** 3;

/**
 * The parent for the data of a temporary server: memory where enough is free, because a database has about 300 files,
 * and a branch is created and removed in memory in a third of the time or less. If `TMPDIR` is set, it is used.
 */
export function temporaryDataFolder(): string {
  const isInMemory = process.env['TMPDIR'] === undefined && isEnoughMemoryFree();
  return isInMemory ? MEMORY_FOLDER : temporaryFolder();
}

function isEnoughMemoryFree(): boolean {
  // macOS has no such folder.
  if (!isUsable(MEMORY_FOLDER)) return false;
  const { bavail, bsize } = statfsSync(MEMORY_FOLDER);
  // `availableMemory` respects the limit of a container.
  return Math.min(bavail * bsize, process.availableMemory()) >= FREE_MEMORY_BYTES_MIN;
}

/** A unique path for the folder of a run. */
export function nameRunFolder(parent: string): string {
  return join(parent, `local-neon-${randomBytes(6).toString('hex')}`);
}

/** Makes PostgreSQL's user the owner of a new file. We must own the parent folder: elsewhere a link could have replaced the file. */
export function giveToServer(path: string): void {
  const user = serverUser();
  if (user) lchownSync(path, user.uid, user.gid);
}

/** Creates a folder in which the server may write. We must own the parent folder. */
export function createServerFolder(path: string): string {
  mkdirSync(path, 0o700);
  giveToServer(path);
  return path;
}

/** Lets the server enter a folder that we own, without listing it. */
export function allowServerToEnter(folder: string): void {
  if (serverUser()) chmodSync(folder, 0o711);
}

/** Whether the folder of a run can be created in this folder, and the server can use it. */
function isUsable(parent: string): boolean {
  // The guard has another current folder, and reads its commands by line. PostgreSQL splits its list of folders at commas.
  if (!isAbsolute(parent) || /[,\n]/.test(parent)) return false;
  if (Buffer.byteLength(join(nameRunFolder(parent), SOCKET_FOLDER)) > SOCKET_FOLDER_BYTES_MAX) return false;
  try {
    accessSync(parent, constants.W_OK | constants.X_OK);
    return isSafe(parent) && (serverUser() === undefined || mayOthersEnter(parent));
  } catch {
    // Missing, or not accessible.
    return false;
  }
}

/** https://man7.org/linux/man-pages/man7/inode.7.html */
const STICKY = 0o1000;
const EXECUTE_BY_OTHERS = 0o001;

/** Whether no other user may rename or replace our files in the folder. */
function isSafe(folder: string): boolean {
  const stats = statSync(folder);
  if (stats.uid !== process.getuid?.() && stats.uid !== 0) return false;
  return !mayOthersWrite(stats) || (stats.mode & STICKY) !== 0;
}

/** Whether every user may enter the folder and all folders above it. */
function mayOthersEnter(folder: string): boolean {
  if ((statSync(folder).mode & EXECUTE_BY_OTHERS) === 0) return false;
  return folder === dirname(folder) || mayOthersEnter(dirname(folder));
}
